using LibKqueueSharp.Kernels;

namespace LibKqueueSharp.Kq.Clauses;

/// <summary>kevent(2) of a library, on any number.</summary>
/// <param name="backend">Knows the library.</param>
internal sealed class KernelByNumber(BsdBackend backend) : Conformance.Replay.INumericKevent
{
    public int Kevent(long descriptor, ReadOnlySpan<KEvent> changes, Span<KEvent> events, KeventTimeout timeout, out Errno error) =>
        backend.Kevent((int)descriptor, changes, events, timeout, out error);
}
