using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>
/// aio_fsync(2) covers the writes that were submitted before it: such a sync is held back until they have ended, and is done by a thread then,
/// since the queue that it belongs to may be gone. Files are told apart by device and number, whatever descriptor they have.
/// </summary>
internal static class AioOrder
{
    // Guarded by s_gate.
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<(ulong, ulong), FileWrites> s_files = [];

    /// <summary>A write is about to begin.</summary>
    internal static void Begun(AioJob job)
    {
        if (!Counts(job))
            return;
        lock (s_gate)
        {
            if (!s_files.TryGetValue(job.File, out FileWrites? file))
                s_files.Add(job.File, file = new FileWrites());
            file.Running.Add(job);
        }
    }

    /// <summary>A write has ended, or did not begin.</summary>
    internal static void Ended(AioJob job)
    {
        if (!Counts(job))
            return;
        List<AioJob>? free = null;
        lock (s_gate)
        {
            FileWrites file = s_files[job.File];
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
                s_files.Remove(job.File);
        }

        foreach (AioJob sync in free ?? [])
            AioPool.AddHeldBack(sync);
    }

    /// <summary>Whether a sync has to wait for writes. Then it is begun when they have ended.</summary>
    internal static bool HoldsBack(AioJob sync)
    {
        lock (s_gate)
        {
            if (!s_files.TryGetValue(sync.File, out FileWrites? file))
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
