namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>The ways in which a C program asks whether a descriptor is readable.</summary>
internal static unsafe class Readiness
{
    internal enum Way
    {
        Poll,
        Select,
        Epoll,
    }

    /// <summary>Asks, waiting at most so long.</summary>
    internal static bool IsReadable(Way way, int fd, int milliseconds = 0) => way switch
    {
        Way.Poll => Poll(fd, Tmds.Linux.LibC.POLLIN, milliseconds) != 0,
        Way.Select => Select(fd, milliseconds),
        _ => Epoll(fd, milliseconds),
    };

    /// <summary>What poll(2) reports of the given events.</summary>
    internal static int Poll(int fd, int events, int milliseconds)
    {
        Tmds.Linux.pollfd entry = new() { fd = fd, events = (short)events };
        return Posix.Poll(&entry, 1, milliseconds) > 0 ? entry.revents : 0;
    }

    private static bool Select(int fd, int milliseconds)
    {
        ulong* set = stackalloc ulong[16];
        new Span<ulong>(set, 16).Clear();
        set[fd / 64] = 1UL << (fd % 64);
        long* timeout = stackalloc long[] { milliseconds / 1000, milliseconds % 1000 * 1000L };
        return Posix.Select(fd + 1, set, null, null, timeout) > 0;
    }

    private static bool Epoll(int fd, int milliseconds)
    {
        using Fd set = Fd.Opened(Posix.EpollCreate(Tmds.Linux.LibC.EPOLL_CLOEXEC));
        Tmds.Linux.epoll_event e = new() { events = (int)Posix.EPOLLIN };
        Assert.That(Posix.EpollControl(set, Posix.EPOLL_CTL_ADD, fd, &e), Is.Zero);
        return Posix.EpollWait(set, &e, 1, milliseconds) > 0;
    }
}
