using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Queues;
using Tmds.Linux;

namespace LibKqueueSharp.Benchmarks.Rows;

/// <summary>Something that one thread gives and another waits for.</summary>
internal interface ISignal<TSelf> : IDisposable
    where TSelf : struct, ISignal<TSelf>
{
    static abstract TSelf Create();

    void Give();

    /// <summary>Waits until it was given.</summary>
    void Take();
}

/// <summary>EVFILT_USER with EV_CLEAR in a queue of its own.</summary>
internal readonly struct KeventSignal<TQueue>(TQueue queue) : ISignal<KeventSignal<TQueue>>
    where TQueue : struct, IKeventQueue<TQueue>
{
    private readonly KEvent[] _events = new KEvent[8];

    public static KeventSignal<TQueue> Create()
    {
        TQueue queue = TQueue.Create();
        queue.AddUserEvent(1);
        return new(queue);
    }

    public void Give() => queue.Trigger(1);

    public void Take() => queue.Wait(_events);

    public void Dispose() => queue.Dispose();
}

/// <summary>An eventfd, edge-triggered in an epoll set: no read is needed.</summary>
internal readonly unsafe struct EventFdSignal(int epfd, int eventfd) : ISignal<EventFdSignal>
{
    public static EventFdSignal Create()
    {
        int epfd = Libc.EpollCreate();
        int eventfd = Libc.EventFd();
        Libc.EpollControl(epfd, Libc.EPOLL_CTL_ADD, eventfd, Libc.EPOLLIN | Libc.EPOLLET);
        return new(epfd, eventfd);
    }

    public void Give() => Libc.WriteCount(eventfd);

    public void Take()
    {
        epoll_event* events = stackalloc epoll_event[8];
        Libc.EpollWait(epfd, events, 8, -1);
    }

    public void Dispose()
    {
        Libc.Close(epfd);
        Libc.Close(eventfd);
    }
}
