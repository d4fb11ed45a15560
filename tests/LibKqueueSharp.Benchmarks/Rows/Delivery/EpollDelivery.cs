using LibKqueueSharp.Benchmarks.Native;
using Tmds.Linux;

namespace LibKqueueSharp.Benchmarks.Rows.Delivery;

/// <summary>The loop that one writes by hand: epoll_wait, and a read for each event; with FIONREAD before it, if asked.</summary>
internal sealed unsafe class EpollDelivery : DeliveryContender
{
    private readonly epoll_event[] _events = new epoll_event[Room];
    private readonly int _epfd = Libc.EpollCreate();
    private readonly bool _counts;

    internal EpollDelivery(DescriptorSet set, int active, uint flags = 0, bool counts = false)
        : base(set, active)
    {
        _counts = counts;
        foreach (int fd in set.Readers)
            Libc.EpollControl(_epfd, Libc.EPOLL_CTL_ADD, fd, Libc.EPOLLIN | flags);
    }

    protected override void Take(int count)
    {
        byte* buffer = stackalloc byte[16];
        fixed (epoll_event* events = _events)
        {
            while (count > 0)
            {
                int taken = Libc.EpollWait(_epfd, events, Room, -1);
                for (int i = 0; i < taken; i++)
                {
                    int fd = events[i].data.fd;
                    int bytes = 0;
                    if (_counts)
                        _ = Libc.Ioctl(fd, Libc.FIONREAD, &bytes);
                    count -= (int)Libc.Read(fd, buffer, 16);
                }
            }
        }
    }

    public override void Dispose()
    {
        Libc.Close(_epfd);
        base.Dispose();
    }
}
