using System.ComponentModel;
using System.Diagnostics;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Counting;

/// <summary>Runs this program once more under strace, and counts.</summary>
internal static class SystemCallCounter
{
    /// <summary>Null when there is no strace, or it may not trace.</summary>
    internal static Trace? Count(IReadOnlyList<string> arguments)
    {
        string file = Path.GetTempFileName();
        try
        {
            ProcessStartInfo start = new("strace")
            {
                ArgumentList = { "-f", "-q", "-s", "200", "-o", file },
                RedirectStandardError = true,
            };
            Itself.AddTo(start.ArgumentList, arguments);

            // All code is compiled when it is first called, and none while the calls are counted.
            start.Environment["DOTNET_TieredCompilation"] = "0";
            using Process process = Process.Start(start)!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
                return Trace.Read(File.ReadLines(file));
            Console.Error.WriteLine($"system calls are not counted: {errors.Trim()}");
            return null;
        }
        catch (Win32Exception missing)
        {
            Console.Error.WriteLine($"system calls are not counted: {missing.Message}");
            return null;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Puts the counts beside the samples.</summary>
    internal static void AddTo(IEnumerable<RowResult> results, Trace trace)
    {
        foreach (RowResult result in results)
        {
            foreach (ContenderResult contender in result.Contenders)
                contender.SystemCalls = trace.Find(result.Row, contender.Role);
        }
    }
}
