using LibKqueueSharp.Benchmarks.Native;
using Tmds.Linux;

namespace LibKqueueSharp.Benchmarks.Echo;

/// <summary>One thread with an epoll set, by hand.</summary>
internal sealed unsafe class EpollEchoServer : EchoServer
{
    private const int Room = 128;

    protected override void Serve()
    {
        int epfd = Libc.EpollCreate();
        epoll_event* events = stackalloc epoll_event[Room];
        byte* buffer = stackalloc byte[BufferSize];
        int listener = (int)Listener.Handle;
        Libc.EpollControl(epfd, Libc.EPOLL_CTL_ADD, listener, Libc.EPOLLIN);
        while (true)
        {
            int count = Libc.EpollWait(epfd, events, Room, -1);
            for (int i = 0; i < count; i++)
            {
                if (events[i].data.fd != listener)
                    Echo(events[i].data.fd, buffer);
                else if (Accept(listener) is >= 0 and int fd)
                    Libc.EpollControl(epfd, Libc.EPOLL_CTL_ADD, fd, Libc.EPOLLIN);
            }
        }
    }
}
