namespace LibKqueueSharp.Emulation;

/// <summary>
/// aio_fsync(2) covers the writes that were submitted before it: such a sync is held back until they have ended, and is done by a thread then,
/// since the queue that it belongs to may be gone. Files are told apart by device and number, whatever descriptor they have. One object a process; any
/// thread may call any member.
/// </summary>
/// <param name="begin">Begins a sync that was held back. Called without a lock.</param>
internal sealed class AioOrder(Action<AioJob> begin)
{
    /// <summary>Guards what follows. No other lock is taken under it.</summary>
    private readonly Lock _gate = new();
    private readonly Dictionary<(ulong, ulong), FileWrites> _files = [];

    /// <summary>A write is about to begin.</summary>
    internal void Begun(AioJob job)
    {
        if (!Counts(job))
            return;
        lock (_gate)
        {
            if (!_files.TryGetValue(job.File, out FileWrites? file))
                _files.Add(job.File, file = new FileWrites());
            file.Running.Add(job);
        }
    }

    /// <summary>A write has ended, or did not begin.</summary>
    internal void Ended(AioJob job)
    {
        if (!Counts(job))
            return;
        List<AioJob>? free = null;
        lock (_gate)
        {
            FileWrites file = _files[job.File];
            file.Running.Remove(job);
            for (int i = file.Syncs.Count - 1; i >= 0; i--)
            {
                (AioJob sync, HashSet<AioJob> before) = file.Syncs[i];
                if (!before.Remove(job) || before.Count != 0)
                    continue;
                (free ??= []).Add(sync);
                file.Syncs.RemoveAt(i);
            }

            if (file.Running.Count == 0)
                _files.Remove(job.File);
        }

        foreach (AioJob sync in free ?? [])
            begin(sync);
    }

    /// <summary>Whether a sync has to wait for writes. Then it is begun when they have ended.</summary>
    internal bool HoldsBack(AioJob sync)
    {
        lock (_gate)
        {
            if (!_files.TryGetValue(sync.File, out FileWrites? file))
                return false;
            sync.IsHeldBack = true;
            file.Syncs.Add((sync, [.. file.Running]));
            return true;
        }
    }

    private static bool Counts(AioJob job) => job.Control.Operation == AioOperation.Write && !job.IsStream;

    private sealed class FileWrites
    {
        internal HashSet<AioJob> Running { get; } = [];

        internal List<(AioJob Sync, HashSet<AioJob> Before)> Syncs { get; } = [];
    }
}
