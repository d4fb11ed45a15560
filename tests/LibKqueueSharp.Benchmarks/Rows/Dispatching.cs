using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Queues;
using LibKqueueSharp.Benchmarks.Running;
using Tmds.Linux;

namespace LibKqueueSharp.Benchmarks.Rows;

/// <summary>An event with EV_DISPATCH is taken, read, and the registration enabled again with a call of its own.</summary>
internal sealed unsafe class KeventDispatching<TQueue> : Contender
    where TQueue : struct, IKeventQueue<TQueue>
{
    private readonly KEvent[] _events = new KEvent[1];
    private readonly DescriptorSet _set = DescriptorSet.Sockets(2);
    private readonly TQueue _queue = TQueue.Create();

    internal KeventDispatching() => _queue.Add(_set.Readers[0], EventFlags.Dispatch);

    internal override void Run(int operations)
    {
        byte* buffer = stackalloc byte[16];
        for (int i = 0; i < operations; i++)
        {
            _set.Write(0);
            _queue.Wait(_events);
            int fd = (int)_events[0].Ident;
            Libc.Read(fd, buffer, 16);
            _queue.Change(fd, EventFlags.Enable);
        }
    }

    public override void Dispose()
    {
        _queue.Dispose();
        _set.Dispose();
    }
}

/// <summary>EPOLLONESHOT, and EPOLL_CTL_MOD to arm it again.</summary>
internal sealed unsafe class EpollDispatching : Contender
{
    private readonly DescriptorSet _set = DescriptorSet.Sockets(2);
    private readonly int _epfd = Libc.EpollCreate();

    internal EpollDispatching() =>
        Libc.EpollControl(_epfd, Libc.EPOLL_CTL_ADD, _set.Readers[0], Libc.EPOLLIN | Libc.EPOLLONESHOT);

    internal override void Run(int operations)
    {
        byte* buffer = stackalloc byte[16];
        epoll_event e;
        for (int i = 0; i < operations; i++)
        {
            _set.Write(0);
            Libc.EpollWait(_epfd, &e, 1, -1);
            Libc.Read(e.data.fd, buffer, 16);
            Libc.EpollControl(_epfd, Libc.EPOLL_CTL_MOD, e.data.fd, Libc.EPOLLIN | Libc.EPOLLONESHOT);
        }
    }

    public override void Dispose()
    {
        Libc.Close(_epfd);
        _set.Dispose();
    }
}
