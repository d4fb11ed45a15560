using System.Diagnostics;
using System.Runtime.InteropServices;
using LibKqueueSharp;

namespace ChildSupervisor;

/// <summary>A command that is kept running.</summary>
internal sealed partial class Child(Kqueue queue, string command, int index)
{
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longEnough = TimeSpan.FromSeconds(10);

    private Process? _process;
    private TimeSpan _pause = s_shortestPause;
    private long _started;

    public bool IsRunning => _process is not null;

    /// <summary>Starts it. Its end comes as an event with the index as udata.</summary>
    public void Start()
    {
        _process = Process.Start("/bin/sh", ["-c", $"exec {command}"]);
        _started = Stopwatch.GetTimestamp();
        Say($"started, process {_process.Id}");

        // False when it has ended and was collected already.
        if (!queue.TryAddProcess(_process.Id, udata: index))
            HasEnded(isLast: false);
    }

    /// <summary>It has ended: starts it again after a pause, unless it was the last time.</summary>
    public void HasEnded(bool isLast)
    {
        // The event brings the wait status; but the runtime collects the children of Process, and before Linux 6.15 the status of a
        // process that was collected is not told. Process keeps it.
        _process!.WaitForExit();
        string how = _process.ExitCode > 128 ? $"ended by signal {_process.ExitCode - 128}" : $"exited with {_process.ExitCode}";
        _process.Dispose();
        _process = null;
        if (isLast)
        {
            Say(how);
            return;
        }

        if (Stopwatch.GetElapsedTime(_started) > s_longEnough)
            _pause = s_shortestPause;
        Say($"{how}, starts again in {_pause.TotalSeconds} s");
        queue.AddTimer((nuint)index, _pause, EventFlags.OneShot, index);
        _pause = _pause * 2 < s_longestPause ? _pause * 2 : s_longestPause;
    }

    /// <summary>Sends it a signal, if it runs.</summary>
    public void Send(int signal)
    {
        if (_process is { HasExited: false })
            _ = Kill(_process.Id, signal);
    }

    private void Say(string what) => Console.WriteLine($"{command}: {what}");

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
