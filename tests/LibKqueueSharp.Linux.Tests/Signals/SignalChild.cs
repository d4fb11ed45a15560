using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests.Signals;

/// <summary>
/// A test method that runs in a process of its own, because signals and their dispositions belong to the whole process.
/// </summary>
internal static partial class SignalChild
{
    internal const string Argument = "--signal-test";

    internal const int SIGUSR1 = 10;
    internal const int SIGUSR2 = 12;
    internal const int SIGPIPE = 13;
    internal const int SIGALRM = 14;
    internal const int SIGTERM = 15;
    internal const int SIGCHLD = 17;
    internal const int SIGCONT = 18;
    internal const int SIGTSTP = 20;
    internal const int SIGWINCH = 28;
    internal const int RealTime = 40;

    internal const nint Ignore = 1;

    /// <summary>Runs a test of a class of scenarios; its exit code is 0 when it holds.</summary>
    internal static int Run(string type, string name)
    {
        try
        {
            Assembly.GetExecutingAssembly().GetType($"{typeof(SignalChild).Namespace}.{type}")!.GetMethod(name)!.Invoke(null, null);
            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e.InnerException ?? e);
            return 1;
        }
    }

    /// <param name="type">A class of scenarios.</param>
    /// <param name="name">One of them.</param>
    /// <param name="launcher">What starts the process, with its arguments.</param>
    internal static (int Exit, string Errors) Start(Type type, string name, params string[] launcher)
    {
        string path = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(path) == "dotnet";
        string[] self = isHost ? [typeof(SignalChild).Assembly.Location] : [];
        string[] command = [.. launcher, path, .. self, Argument, type.Name, name];
        return NoDescriptors.Start(command);
    }

    internal static void Kill(int signal) => Kill(Environment.ProcessId, signal);

    internal static void AddSignal(this TestQueue q, int signal, EventFlags flags = 0) => q.Add(signal, EventFilter.Signal, flags);

    /// <summary>Takes events until as many deliveries have been counted, and then no more come.</summary>
    internal static void ExpectCount(this TestQueue q, int signal, long count)
    {
        long counted = 0;
        long began = Stopwatch.GetTimestamp();
        while (counted < count && Stopwatch.GetElapsedTime(began) < Eventually.Limit)
        {
            foreach (KEvent e in q.Collect(8, KeventTimeout.FromTimeSpan(TimeSpan.FromSeconds(1))))
            {
                Assert.That(
                    (e.Ident, e.Filter, e.FFlags, e.Flags & EventFlags.Clear),
                    Is.EqualTo(((nuint)signal, EventFilter.Signal, 0U, EventFlags.Clear)),
                    e.ToString());
                counted += e.Data;
            }
        }

        Assert.That(counted, Is.EqualTo(count), "deliveries");
        q.ExpectSilence();
    }

    internal static bool Has(string set, int signal)
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(set, StringComparison.Ordinal));
        return (Convert.ToUInt64(line[7..].Trim(), 16) >> (signal - 1) & 1) != 0;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "sigaction")]
    internal static unsafe partial int ChangeAction(int signal, byte* wanted, byte* found);

    [LibraryImport("libc", EntryPoint = "siginterrupt")]
    internal static partial int Interrupt(int signal, int flag);

    [LibraryImport("libc", EntryPoint = "sigqueue")]
    internal static partial int Queue(int process, int signal, nint value);

    [LibraryImport("libc", EntryPoint = "sigtimedwait", SetLastError = true)]
    internal static unsafe partial int TimedWait(ulong* mask, byte* info, long* limit);

    [LibraryImport("libc", EntryPoint = "signal")]
    internal static partial nint SetDisposition(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "alarm")]
    internal static partial uint Alarm(uint seconds);
}
