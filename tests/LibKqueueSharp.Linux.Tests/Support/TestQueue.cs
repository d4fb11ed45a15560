using System.Diagnostics;

namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>A queue of the Linux backend, with the calls that tests make all the time.</summary>
internal sealed class TestQueue(Dialect? dialect = null, LinuxBackend? backend = null) : IDisposable
{
    private static readonly LinuxBackend s_backend = new();

    internal LinuxBackend Backend { get; } = backend ?? s_backend;

    internal BackendQueue Queue { get; } = (backend ?? s_backend).CreateQueue(dialect ?? Dialect.FreeBsd);

    /// <summary>The number of the queue's own descriptor; the queue is exported from now on.</summary>
    internal int Number => (int)Queue.Descriptor.DangerousGetHandle();

    /// <summary>Applies changes, each of which must succeed.</summary>
    internal void Apply(params ReadOnlySpan<KEvent> changes)
    {
        int result = Queue.Kevent(changes, [], KeventTimeout.Zero, null, out Errno error);
        Assert.That((result, error), Is.EqualTo((0, Errno.None)), string.Join(' ', changes.ToArray()));
    }

    internal void Add(int ident, EventFilter filter, EventFlags flags = 0, uint fflags = 0, long data = 0, nint udata = 0) =>
        Apply(new KEvent((nuint)ident, filter, EventFlags.Add | flags, fflags, data, udata));

    internal void AddRead(int fd, EventFlags flags = 0, nint udata = 0) => Add(fd, EventFilter.Read, flags, udata: udata);

    internal void AddWrite(int fd, EventFlags flags = 0, nint udata = 0) => Add(fd, EventFilter.Write, flags, udata: udata);

    internal void Delete(int ident, EventFilter filter) => Apply(new KEvent((nuint)ident, filter, EventFlags.Delete));

    internal void Enable(int ident, EventFilter filter) => Apply(new KEvent((nuint)ident, filter, EventFlags.Enable));

    internal void Disable(int ident, EventFilter filter) => Apply(new KEvent((nuint)ident, filter, EventFlags.Disable));

    internal void Trigger(int ident) =>
        Apply(new KEvent((nuint)ident, EventFilter.User, EventFlags.None, (uint)UserNotes.Trigger));

    /// <summary>One change without room for a record.</summary>
    internal Errno Try(KEvent change)
    {
        Queue.Kevent([change], [], KeventTimeout.Zero, null, out Errno error);
        return error;
    }

    internal Errno TryAdd(int ident, EventFilter filter, EventFlags flags = 0) =>
        Try(new KEvent((nuint)(uint)ident, filter, EventFlags.Add | flags));

    internal Errno TryDelete(int ident, EventFilter filter) =>
        Try(new KEvent((nuint)(uint)ident, filter, EventFlags.Delete));

    /// <summary>The events that are there now.</summary>
    internal KEvent[] Poll(int most = 512) => Collect(most, KeventTimeout.Zero);

    /// <summary>Events, once there is at least one. What a call finds only at its end would never come to one without an end.</summary>
    internal KEvent[] Wait(int most = 512)
    {
        long start = Stopwatch.GetTimestamp();
        KEvent[] events = Collect(most, KeventTimeout.FromTimeSpan(Eventually.Limit));
        Assert.That(events, Is.Not.Empty, $"no event within {Eventually.Limit}");
        Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(Eventually.Limit), $"slept over {string.Join(' ', events)}");
        return events;
    }

    /// <summary>Exactly one event, waited for.</summary>
    internal KEvent WaitOne()
    {
        KEvent[] events = Wait();
        Assert.That(events, Has.Length.EqualTo(1), string.Join(' ', events));
        return events[0];
    }

    /// <summary>Polls until the events are the expected ones in any order, for level-triggered registrations on sources that need a moment.</summary>
    internal void Settle(params KEvent[] expected)
    {
        long start = Stopwatch.GetTimestamp();
        KEvent[] found = Poll();
        while (!found.ToHashSet().SetEquals(expected) && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5))
        {
            Thread.Sleep(1);
            found = Poll();
        }

        Assert.That(found, Is.EquivalentTo(expected));
    }

    /// <summary>No event now, and none within the time that a source on this machine needs.</summary>
    internal void ExpectSilence(string why = "")
    {
        KEvent[] events = Collect(64, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(15)));
        Assert.That(events, Is.Empty, why);
    }

    /// <summary>No event now, where no source needs a moment.</summary>
    internal void ExpectNothing(string why = "") => Assert.That(Poll(), Is.Empty, why);

    /// <summary>A call of kevent, again when a signal of the runtime's own interrupted it.</summary>
    internal KEvent[] Collect(int most, KeventTimeout timeout)
    {
        KEvent[] events = new KEvent[most];
        int count;
        Errno error;
        do
            count = Queue.Kevent([], events, timeout, null, out error);
        while (error == Errno.EINTR);
        Assert.That(error, Is.EqualTo(Errno.None));
        return events[..count];
    }

    public void Dispose() => Queue.Dispose();
}
