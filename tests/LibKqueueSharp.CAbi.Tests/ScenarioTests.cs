namespace LibKqueueSharp.CAbi.Tests;

/// <summary>The recorded scenarios through the C calls: the same results as in managed code.</summary>
internal sealed class ScenarioTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    [Test]
    public void AllScenariosPlayTheSame()
    {
        string[] managed = Play();
        string[] native = Play("--backend", "cabi", "--library", Library.SharedObject);
        Assert.That(native[^1], Does.Match("^[0-9]+ passed, 0 failed"), string.Join('\n', native));
        Assert.That(native[1..], Is.EqualTo(managed[1..]), "but for the first line, which names the backend");
    }

    private static string[] Play(params string[] options)
    {
        Tool.Result result = Tool.Run(Path.Combine(AppContext.BaseDirectory, "kq"), ["play", .. options], s_patience);
        Assert.That(result.ExitCode, Is.Zero, result.Output);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
