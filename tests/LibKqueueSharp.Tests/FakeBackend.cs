using System.Runtime.InteropServices;

namespace LibKqueueSharp.Tests;

/// <summary>Answers one call of kevent.</summary>
internal delegate int KeventAnswer(
    ReadOnlySpan<KEvent> changes,
    Span<KEvent> events,
    KeventTimeout timeout,
    WaitCancellation? cancellation,
    out Errno error);

/// <summary>Hands out one queue, or fails.</summary>
internal sealed class FakeBackend(Func<Dialect, BackendQueue> create) : KqueueBackend
{
    public override string Name => "fake";

    public override KqueueCapabilities Capabilities { get; } = new("fake", "none", [], [], []);

    public override BackendQueue CreateQueue(Dialect dialect) => create(dialect);
}

/// <summary>A queue whose answers are given by the test, for what no real queue does on request.</summary>
internal sealed class FakeQueue(Dialect dialect, KeventAnswer answer) : BackendQueue
{
    private readonly List<KEvent[]> _changelists = [];
    private readonly List<KeventTimeout> _timeouts = [];

    public IReadOnlyList<KEvent[]> Changelists => _changelists;

    public IReadOnlyList<KeventTimeout> Timeouts => _timeouts;

    public List<WaitCancellation> Interrupted { get; } = [];

    public int Disposals { get; private set; }

    public FakeDescriptor Handle { get; init; } = new(-1);

    public override Dialect Dialect => dialect;

    public override SafeHandle Descriptor => Handle;

    public override int DescriptorCount => 1;

    public override int KnoteCount => 0;

    public override int Kevent(
        ReadOnlySpan<KEvent> changes,
        Span<KEvent> events,
        KeventTimeout timeout,
        WaitCancellation? cancellation,
        out Errno error)
    {
        _changelists.Add(changes.ToArray());
        _timeouts.Add(timeout);
        return answer(changes, events, timeout, cancellation, out error);
    }

    public override void Interrupt(WaitCancellation cancellation)
    {
        cancellation.Request();
        Interrupted.Add(cancellation);
    }

    protected override void Dispose(bool disposing)
    {
        Disposals++;
        Handle.Dispose();
    }
}

/// <summary>A descriptor that is only a number, and tells whether it was closed.</summary>
internal sealed class FakeDescriptor : SafeHandle
{
    public FakeDescriptor(int number)
        : base(-1, ownsHandle: true) => SetHandle(number);

    public bool Released { get; private set; }

    public override bool IsInvalid => handle == -1;

    protected override bool ReleaseHandle() => Released = true;
}
