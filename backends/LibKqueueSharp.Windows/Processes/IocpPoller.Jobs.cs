namespace LibKqueueSharp.Windows;

/// <summary>Jobs, whose messages come in the order of what happened; several threads that take them may pass them on in another.</summary>
internal sealed partial class IocpPoller
{
    /// <summary>From here on a packet's key is the number of a job.</summary>
    internal const nuint FirstJobKey = 1_000;

    /// <summary>Packets that threads have taken and not yet handed on. Interlocked: they are taken without the lock.</summary>
    private int _inHand;

    private readonly List<ProcessJob> _jobs = [];

    /// <summary>All that was told before now has been handed on, unless a thread is just coming back with it and has not said so.</summary>
    internal bool IsSettled => Volatile.Read(ref _inHand) == 0;

    internal Errno OpenJob(nuint number, nuint root, out ProcessJob? job)
    {
        Errno error = Sys.CreateJob(_port, number, out nint handle);
        job = error == Errno.None ? new ProcessJob(handle, number, root, process => Sys.Runs(handle, process)) : null;
        if (job is null)
            return error;
        _jobs.Add(job);
        _interest++;
        return Errno.None;
    }

    internal void CloseJob(ProcessJob job)
    {
        Sys.CloseJob(job.Handle);
        _jobs.Remove(job);
        _interest--;
    }

    /// <summary>Those of a queue that nobody disposed of.</summary>
    private void EndJobs()
    {
        foreach (ProcessJob job in _jobs)
            Sys.CloseJob(job.Handle);
    }

    /// <summary>Hands on what is in the port now.</summary>
    internal void ReadPackets()
    {
        TakeRest(full: true, asked: false);
        _processes.Harvested(IsSettled);
    }
}
