using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Kq.Play;

/// <summary>Scenarios to play, each with the suite that knows its traces.</summary>
internal static class PlayList
{
    /// <summary>The scenarios of files and folders; without any, those shipped with the library.</summary>
    /// <param name="paths">The files and folders.</param>
    /// <param name="deviations">Whose deviations count; null for those of the backend.</param>
    /// <exception cref="UsageException">A path is neither a scenario nor a folder that holds some.</exception>
    public static IReadOnlyList<(ScenarioSuite Suite, Scenario Scenario)> Read(IReadOnlyList<string> paths, string? deviations)
    {
        if (paths.Count == 0)
            return [.. All(Open(Path.Combine(AppContext.BaseDirectory, "scenarios"), deviations))];
        return [.. paths.SelectMany(path => ReadPath(path, deviations))];
    }

    private static IEnumerable<(ScenarioSuite, Scenario)> ReadPath(string path, string? deviations)
    {
        if (Directory.Exists(path))
        {
            ScenarioSuite suite = Open(path, deviations);
            return suite.Scenarios.Count > 0 ? All(suite) : throw new UsageException($"{path} holds no *{Scenario.Extension}");
        }

        if (!File.Exists(path))
            throw new UsageException($"{path} does not exist");
        if (Path.GetExtension(path) != Scenario.Extension)
            throw new UsageException($"{path} is not a *{Scenario.Extension}");
        ScenarioSuite around = Open(Path.GetDirectoryName(Path.GetFullPath(path))!, deviations);
        return [(around, around.Find(Path.GetFileNameWithoutExtension(path))!)];
    }

    private static IEnumerable<(ScenarioSuite, Scenario)> All(ScenarioSuite suite) => suite.Scenarios.Select(s => (suite, s));

    private static ScenarioSuite Open(string folder, string? deviations) =>
        new(folder, Path.Combine(AppContext.BaseDirectory, "deviations")) { DeviationsFrom = deviations };
}
