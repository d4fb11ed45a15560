namespace LibKqueueSharp.Kq.Clauses;

/// <summary>kevent(2) by its C name, on any number.</summary>
internal sealed class CNamesByNumber : Conformance.Replay.INumericKevent
{
    public int Kevent(long descriptor, ReadOnlySpan<KEvent> changes, Span<KEvent> events, KeventTimeout timeout, out Errno error)
    {
        (long seconds, long nanoseconds) = Math.DivRem(timeout.Nanoseconds, 1_000_000_000);
        int count = Bsd.kevent((int)descriptor, changes, events, timeout.IsInfinite ? null : new Bsd.timespec(seconds, nanoseconds));
        error = count < 0 ? Bsd.errno : Errno.None;
        return count;
    }
}
