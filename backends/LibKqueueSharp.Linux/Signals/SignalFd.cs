namespace LibKqueueSharp.Linux.Signals;

/// <summary>
/// signalfd(2) for one signal, close-on-exec and without waiting. Reading it takes the pending signal, as sigwait(3) would. The unsafe
/// blocks only pass the addresses of locals for the length of one call.
/// </summary>
internal sealed unsafe class SignalFd : IDisposable
{
    private const int SizeOfInfo = 128;
    private const int NonBlockCloseOnExec = 0x80800;

    /// <summary>The descriptors of this class that are open. Guarded by itself.</summary>
    private static readonly HashSet<int> s_ours = [];

    private readonly int _fd;

    private SignalFd(int fd) => _fd = fd;

    internal static bool IsOurs(int fd)
    {
        lock (s_ours)
            return s_ours.Contains(fd);
    }

    internal static Errno Open(int signal, out SignalFd? opened)
    {
        ulong mask = 1UL << (signal - 1);
        opened = null;
        lock (s_ours)
        {
            int fd = Native.SignalFd(-1, &mask, NonBlockCloseOnExec);
            if (fd < 0)
                return Native.LastError();
            s_ours.Add(fd);
            opened = new SignalFd(fd);
            return Errno.None;
        }
    }

    /// <summary>Edge-triggered: what is left to a thread that lets it in is not reported again.</summary>
    internal Errno Register(int epfd, ulong token) =>
        Sys.EpollControl(epfd, Native.EPOLL_CTL_ADD, _fd, EpollEvents.In | EpollEvents.Edge, token);

    /// <summary>A child that is just being made may hold the descriptor open.</summary>
    internal void Unregister(int epfd) => Sys.EpollControl(epfd, Native.EPOLL_CTL_DEL, _fd, EpollEvents.None, 0);

    /// <summary>Whether the signal is pending for the process or this thread.</summary>
    internal bool IsReadable() => Sys.Poll(_fd, EpollEvents.In, out EpollEvents found) == Errno.None && found != EpollEvents.None;

    /// <summary>Takes one signal; false when none is pending for the process or this thread.</summary>
    internal bool TryTake(out SignalInfo info)
    {
        Span<byte> taken = stackalloc byte[SizeOfInfo];
        info = default;
        if (Sys.Read(_fd, taken) != SizeOfInfo)
            return false;
        info = SignalInfo.From(taken);
        return true;
    }

    public void Dispose()
    {
        lock (s_ours)
        {
            s_ours.Remove(_fd);
            Sys.Close(_fd);
        }
    }
}
