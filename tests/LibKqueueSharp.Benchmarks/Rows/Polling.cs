using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Queues;
using LibKqueueSharp.Benchmarks.Running;
using Tmds.Linux;

namespace LibKqueueSharp.Benchmarks.Rows;

/// <summary>A call that does not wait and finds nothing, with idle descriptors registered.</summary>
internal sealed class KeventPolling<TQueue> : Contender
    where TQueue : struct, IKeventQueue<TQueue>
{
    private readonly KEvent[] _events = new KEvent[64];
    private readonly DescriptorSet _set;
    private readonly TQueue _queue = TQueue.Create();

    internal KeventPolling(int descriptors)
    {
        _set = DescriptorSet.Sockets(descriptors);
        foreach (int fd in _set.Readers)
            _queue.Add(fd);
    }

    internal override void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
            _queue.Poll(_events);
    }

    public override void Dispose()
    {
        _queue.Dispose();
        _set.Dispose();
    }
}

/// <summary>epoll_wait that does not wait and finds nothing.</summary>
internal sealed unsafe class EpollPolling : Contender
{
    private readonly epoll_event[] _events = new epoll_event[64];
    private readonly DescriptorSet _set;
    private readonly int _epfd = Libc.EpollCreate();

    internal EpollPolling(int descriptors)
    {
        _set = DescriptorSet.Sockets(descriptors);
        foreach (int fd in _set.Readers)
            Libc.EpollControl(_epfd, Libc.EPOLL_CTL_ADD, fd, Libc.EPOLLIN);
    }

    internal override void Run(int operations)
    {
        fixed (epoll_event* events = _events)
        {
            for (int i = 0; i < operations; i++)
                Libc.EpollWait(_epfd, events, _events.Length, 0);
        }
    }

    public override void Dispose()
    {
        Libc.Close(_epfd);
        _set.Dispose();
    }
}
