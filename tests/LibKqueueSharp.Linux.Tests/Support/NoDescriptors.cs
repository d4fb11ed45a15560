using System.Diagnostics;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>
/// A process that has every descriptor open that it may. It is not the one of all tests: .NET opens a pipe for each thread that starts,
/// and ends the process when it gets none.
/// </summary>
internal static class NoDescriptors
{
    internal const string Variable = "KQ_MAY_RUN_OUT";

    private const string LastWords = "Out of memory.";

    private const int Attempts = 10;

    /// <summary>Runs the current test in another process, as often as the runtime ends it; false in that process, where the test is to be done.</summary>
    internal static bool AreElsewhere()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null)
            return false;
        string path = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(path) == "dotnet" ? [path, typeof(NoDescriptors).Assembly.Location] : [path];
        string filter = $"FullyQualifiedName={TestContext.CurrentContext.Test.ClassName}.{TestContext.CurrentContext.Test.MethodName}";
        (int exit, string output) = Retry(() =>
        {
            ProcessStartInfo start = new(self[0], [.. self[1..], "--filter", filter]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment[Variable] = "1";
            using Process child = Process.Start(start)!;
            Task<string> errors = child.StandardError.ReadToEndAsync();
            string text = child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            return (child.ExitCode, text + errors.Result);
        });
        Assert.That(exit, Is.Zero, output);
        return true;
    }

    /// <summary>The exit code and the output of a process that may run out, once it was not the runtime that ended it.</summary>
    internal static (int Exit, string Output) Retry(Func<(int Exit, string Output)> run)
    {
        (int Exit, string Output) result = run();
        for (int again = 1; again < Attempts && result.Exit != 0 && result.Output.Contains(LastWords, StringComparison.Ordinal); again++)
            result = run();
        return result;
    }

    internal static T While<T>(Func<T> action)
    {
        Assert.That(Environment.GetEnvironmentVariable(Variable), Is.Not.Null, "this process must not run out of descriptors");
        List<Fd> all = [];
        try
        {
            for (int fd; (fd = Syscall.dup(0)) >= 0;)
                all.Add(new Fd(fd));
            return action();
        }
        finally
        {
            all.ForEach(fd => fd.Dispose());
        }
    }
}
