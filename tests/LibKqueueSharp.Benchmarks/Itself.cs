using System.Reflection;

namespace LibKqueueSharp.Benchmarks;

/// <summary>How to start this program as a child process.</summary>
internal static class Itself
{
    private static readonly string s_assembly = Assembly.GetExecutingAssembly().Location;

    internal static void AddTo(ICollection<string> command, IEnumerable<string> arguments)
    {
        string host = Environment.ProcessPath!;
        command.Add(host);
        if (Path.GetFileName(host) == "dotnet")
            command.Add(s_assembly);
        foreach (string argument in arguments)
            command.Add(argument);
    }
}
