using System.Diagnostics;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Makes a call of kevent on whatever a script names.</summary>
internal static class QueueCall
{
    private const long NanosecondsPerTick = 100;

    // A queue that loses a wake-up would hold the player for ever; no scenario waits a second.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static int Make(string name, PlayState state, KEvent[] changes, KEvent[] events, KeventTimeout timeout, out Errno error)
    {
        NamedThing? thing = state.Names.Find(name);
        if (thing?.Queue is not { } queue)
        {
            long number = state.Names.TryNumber(name, out long known) ? known : -1;
            return state.Numeric.Kevent(number, changes, events, timeout, out error);
        }

        return timeout == KeventTimeout.Zero
            ? queue.Kevent(changes, events, timeout, null, out error)
            : Wait(queue, changes, events, timeout, out error);
    }

    private static int Wait(BackendQueue queue, KEvent[] changes, KEvent[] events, KeventTimeout timeout, out Errno error)
    {
        WaitCancellation cancellation = new();
        TimeSpan limit = s_patience + TimeSpan.FromTicks(timeout.IsInfinite || !timeout.IsValid ? 0 : timeout.Nanoseconds / NanosecondsPerTick);
        using Timer guard = new(_ => queue.Interrupt(cancellation), null, limit, Timeout.InfiniteTimeSpan);
        long began = Stopwatch.GetTimestamp();
        int count = queue.Kevent(changes, events, timeout, cancellation, out error);

        // The runtime handles SIGCHLD and others, where the recorded programs had no handlers. The changes are applied (CALL-INTR-001).
        while (count < 0 && error == Errno.EINTR)
            count = queue.Kevent([], events, Remaining(timeout, began), cancellation, out error);
        return count;
    }

    private static KeventTimeout Remaining(KeventTimeout timeout, long began)
    {
        if (timeout.IsInfinite)
            return timeout;
        TimeSpan remaining = TimeSpan.FromTicks(timeout.Nanoseconds / NanosecondsPerTick) - Stopwatch.GetElapsedTime(began);
        return KeventTimeout.FromTimeSpan(remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero);
    }
}
