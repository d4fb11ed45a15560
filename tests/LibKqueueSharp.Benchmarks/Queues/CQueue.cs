using LibKqueueSharp.Benchmarks.Native;

namespace LibKqueueSharp.Benchmarks.Queues;

/// <summary>libkqueue, the implementation in C.</summary>
internal readonly struct CQueue(int kq) : IKeventQueue<CQueue>
{
    public static CQueue Create() => new(CLibrary.Kqueue());

    public void Apply(in KEvent change) => CLibrary.Kevent(kq, new ReadOnlySpan<KEvent>(in change), [], wait: false);

    public int Wait(Span<KEvent> events) => CLibrary.Kevent(kq, [], events, wait: true);

    public int Poll(Span<KEvent> events) => CLibrary.Kevent(kq, [], events, wait: false);

    public void Dispose() => Libc.Close(kq);
}
