namespace LibKqueueSharp.Linux.Tests.Limits;

/// <summary>A test method that runs in a process with a user namespace of its own, which has its own limits of inotify.</summary>
internal static class LimitChild
{
    internal const string Argument = "--limit-test";

    /// <summary>This program, as that process.</summary>
    internal static string[] Command
    {
        get
        {
            string path = Environment.ProcessPath!;
            bool isHost = Path.GetFileNameWithoutExtension(path) == "dotnet";
            return isHost ? [path, typeof(LimitChild).Assembly.Location, Argument] : [path, Argument];
        }
    }

    /// <summary>Runs a test of <see cref="LimitScenarios"/>; its exit code is 0 when it holds.</summary>
    internal static int Run(string name)
    {
        try
        {
            typeof(LimitScenarios).GetMethod(name)!.Invoke(null, null);
            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e.InnerException ?? e);
            return 1;
        }
    }
}
