namespace LibKqueueSharp.Conformance.Replay;

/// <summary>A number that is no queue is EBADF, open or not (CALL-FD-001, CALL-FD-002).</summary>
internal sealed class NotAQueue : INumericKevent
{
    public int Kevent(long descriptor, ReadOnlySpan<KEvent> changes, Span<KEvent> events, KeventTimeout timeout, out Errno error)
    {
        error = Errno.EBADF;
        return -1;
    }
}
