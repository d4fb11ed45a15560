using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Kernels;

namespace LibKqueueSharp.Benchmarks.Queues;

/// <summary>The native backend over the C library, through the contract, as a direct call is beside it.</summary>
internal readonly struct NativeQueue(BackendQueue queue) : IKeventQueue<NativeQueue>
{
    private static readonly Lazy<BsdBackend> s_backend = new(() => new(CLibrary.Path, KqueueAbi.LibKqueue));

    public static NativeQueue Create() => new(s_backend.Value.CreateQueue(Dialect.FreeBsd));

    public void Apply(in KEvent change) =>
        Check(queue.Kevent(new ReadOnlySpan<KEvent>(in change), [], KeventTimeout.Zero, null, out Errno error), error);

    public int Wait(Span<KEvent> events) => Check(queue.Kevent([], events, KeventTimeout.Infinite, null, out Errno error), error);

    public int Poll(Span<KEvent> events) => Check(queue.Kevent([], events, KeventTimeout.Zero, null, out Errno error), error);

    public void Dispose() => queue.Dispose();

    private static int Check(int count, Errno error) => count >= 0 ? count : throw new KqueueException(error, "kevent");
}
