namespace LibKqueueSharp.Windows.Tests;

internal sealed class SignalTests
{
    [Test]
    public void DeliveriesAreCounted()
    {
        TestSource source = new();
        using Kqueue queue = Kqueue.Create(new WindowsBackend(source));
        queue.Control([new KEvent(2, EventFilter.Signal, EventFlags.Add, 0, 0)], [], TimeSpan.Zero);
        source.Raise(2);
        source.Raise(2);
        source.Raise(15);
        KEvent[] events = new KEvent[4];
        Assert.That(queue.Wait(events, TestQueue.Patience), Is.EqualTo(1), () => TestQueue.Describe(events));
        Assert.That((events[0].Ident, events[0].Data, events[0].Flags & EventFlags.Clear), Is.EqualTo(((nuint)2, 2L, EventFlags.Clear)));
        Assert.That(queue.Wait(events, TimeSpan.Zero), Is.Zero);
    }

    [Test]
    public void DeliveryWakesASleeper()
    {
        TestSource source = new();
        using Kqueue queue = Kqueue.Create(new WindowsBackend(source));
        queue.Control([new KEvent(15, EventFilter.Signal, EventFlags.Add, 0, 0)], [], TimeSpan.Zero);
        using Timer timer = new(_ => source.Raise(15), null, 50, Timeout.Infinite);
        KEvent[] events = new KEvent[4];
        Assert.That(queue.Wait(events, TestQueue.Patience), Is.EqualTo(1));
    }

    [Test]
    public void DeletedSignalIsLetGo()
    {
        TestSource source = new();
        using Kqueue queue = Kqueue.Create(new WindowsBackend(source));
        queue.Control([new KEvent(2, EventFilter.Signal, EventFlags.Add, 0, 0)], [], TimeSpan.Zero);
        Assert.That(source.Count, Is.EqualTo(1));
        queue.Delete(2, EventFilter.Signal);
        Assert.That(source.Count, Is.Zero);
    }

    [Test]
    public void TheRuntimeTakesItsFour([Values(1, 2, 3, 15)] int signal)
    {
        using TestQueue kq = new();
        Assert.That(kq.Try((nuint)signal, EventFilter.Signal, EventFlags.Add), Is.EqualTo(Errno.None));
    }

    [Test]
    public void OthersAreRefused()
    {
        using TestQueue kq = new();
        Assert.That(kq.Try(10, EventFilter.Signal, EventFlags.Add), Is.EqualTo(Errno.ENOTSUP));
        Assert.That(kq.Try(0, EventFilter.Signal, EventFlags.Add), Is.EqualTo(Errno.EINVAL));
        Assert.That(kq.Try(65, EventFilter.Signal, EventFlags.Add), Is.EqualTo(Errno.EINVAL));
    }

    private sealed class TestSource : SignalSource
    {
        private readonly List<(int Signal, Action Delivered)> _registered = [];

        internal int Count => _registered.Count;

        internal void Raise(int signal)
        {
            foreach ((int registered, Action delivered) in _registered.ToArray())
            {
                if (registered == signal)
                    delivered();
            }
        }

        internal override IDisposable Register(int signal, Action delivered)
        {
            (int, Action) entry = (signal, delivered);
            _registered.Add(entry);
            return new Registration(() => _registered.Remove(entry));
        }

        private sealed class Registration(Action end) : IDisposable
        {
            public void Dispose() => end();
        }
    }
}
