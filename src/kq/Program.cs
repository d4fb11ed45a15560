using System.CommandLine;
using System.CommandLine.Invocation;

namespace LibKqueueSharp.Kq;

/// <summary>The kq command.</summary>
internal static class Program
{
    internal static int Main(string[] arguments)
    {
        RootCommand root = new("kqueue(2) on this system: see it work, ask what it can do, compare it with BSD kernels, watch events.")
        {
            ConformanceCommand.Create(),
            DemoCommand.Create(),
            InfoCommand.Create(),
            PlayCommand.Create(),
            WatchCommand.Create(),
        };
        ParseResult parsed = root.Parse(arguments);
        bool isWrong = parsed.Action is ParseErrorAction;
        if (parsed.Action is ParseErrorAction complaint)
            complaint.ShowHelp = arguments.Length == 0;
        try
        {
            int code = parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
            return isWrong ? ExitCode.Usage : code;
        }
        catch (UsageException e)
        {
            return Complain(e, ExitCode.Usage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            return Complain(e, ExitCode.Failed);
        }
    }

    private static int Complain(Exception e, int code)
    {
        Console.Error.WriteLine($"kq: {e.Message}");
        return code;
    }
}
