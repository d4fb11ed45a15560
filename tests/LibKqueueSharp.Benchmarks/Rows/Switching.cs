using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Queues;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Rows;

/// <summary>EV_DISABLE and EV_ENABLE of an idle descriptor, a call each. One operation is the pair.</summary>
internal sealed class KeventSwitching<TQueue> : Contender
    where TQueue : struct, IKeventQueue<TQueue>
{
    private readonly DescriptorSet _set = DescriptorSet.Sockets(2);
    private readonly TQueue _queue = TQueue.Create();

    internal KeventSwitching() => _queue.Add(_set.Readers[0]);

    internal override void Run(int operations)
    {
        int fd = _set.Readers[0];
        for (int i = 0; i < operations; i++)
        {
            _queue.Change(fd, EventFlags.Disable);
            _queue.Change(fd, EventFlags.Enable);
        }
    }

    public override void Dispose()
    {
        _queue.Dispose();
        _set.Dispose();
    }
}

/// <summary>EPOLL_CTL_MOD to no interest, and back.</summary>
internal sealed class EpollSwitching : Contender
{
    private readonly DescriptorSet _set = DescriptorSet.Sockets(2);
    private readonly int _epfd = Libc.EpollCreate();

    internal EpollSwitching() => Libc.EpollControl(_epfd, Libc.EPOLL_CTL_ADD, _set.Readers[0], Libc.EPOLLIN);

    internal override void Run(int operations)
    {
        int fd = _set.Readers[0];
        for (int i = 0; i < operations; i++)
        {
            Libc.EpollControl(_epfd, Libc.EPOLL_CTL_MOD, fd, 0);
            Libc.EpollControl(_epfd, Libc.EPOLL_CTL_MOD, fd, Libc.EPOLLIN);
        }
    }

    public override void Dispose()
    {
        Libc.Close(_epfd);
        _set.Dispose();
    }
}
