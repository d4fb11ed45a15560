using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Engine.Tests.Simulation;

/// <summary>A queue over a simulated kernel, and the calls that nearly every test makes.</summary>
internal sealed class TestQueue : IDisposable
{
    private readonly VirtualClock? _clock;

    private TestQueue(Dialect dialect, VirtualClock? clock)
    {
        _clock = clock;
        Poller = new SimulatedPoller(clock);
        Queue = new EmulatedQueue(Poller, dialect, clock ?? TimeProvider.System);
    }

    internal TestQueue(string dialect = Dialects.FreeBsd)
        : this(Dialects.Named(dialect), new VirtualClock())
    {
    }

    internal TestQueue(Dialect dialect)
        : this(dialect, new VirtualClock())
    {
    }

    /// <summary>The queue's time; only of a queue that one thread uses.</summary>
    internal VirtualClock Clock => _clock!;

    internal SimulatedPoller Poller { get; }

    internal EmulatedQueue Queue { get; }

    /// <summary>A queue whose threads really sleep, by the clock on the wall.</summary>
    internal static TestQueue Threaded(string dialect = Dialects.FreeBsd) => new(Dialects.Named(dialect), clock: null);

    public void Dispose() => Queue.Dispose();

    /// <summary>Changes that must succeed, in a call without room for events.</summary>
    internal void Apply(params ReadOnlySpan<KEvent> changes)
    {
        int result = Queue.Kevent(changes, [], KeventTimeout.Zero, null, out Errno error);
        if (result != 0 || error != Errno.None)
            Assert.Fail($"{result} {error} from {string.Join(' ', changes.ToArray())}");
    }

    /// <summary>The errno of a change in a call without room for events.</summary>
    internal Errno Try(KEvent change)
    {
        int result = Queue.Kevent([change], [], KeventTimeout.Zero, null, out Errno error);
        Assert.That(result, Is.EqualTo(error == Errno.None ? 0 : -1), () => change.ToString());
        return error;
    }

    /// <summary>What is ready now.</summary>
    internal KEvent[] Poll(int room = 16) => Call([], room, KeventTimeout.Zero);

    /// <summary>Waits without end; fails when nothing is going to happen.</summary>
    internal KEvent[] Wait(int room = 16) => Call([], room, KeventTimeout.Infinite);

    internal KEvent[] Wait(double milliseconds, int room = 16) => Call([], room, Milliseconds(milliseconds));

    /// <summary>A call that must succeed, and what it returned.</summary>
    internal KEvent[] Call(ReadOnlySpan<KEvent> changes, int room, KeventTimeout timeout)
    {
        KEvent[] events = new KEvent[room];
        int count = Queue.Kevent(changes, events, timeout, null, out Errno error);
        Assert.That(error, Is.EqualTo(Errno.None));
        return events[..count];
    }

    internal static KeventTimeout Milliseconds(double milliseconds) =>
        KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(milliseconds));
}
