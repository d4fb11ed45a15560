using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Linux;

/// <summary>
/// What a pidfd tells of its process: that it has exited, and how. Nothing here reaps a process. The unsafe blocks only pass
/// the addresses of locals for the length of one call.
/// </summary>
internal static unsafe class PidFd
{
    private const int SYS_pidfd_send_signal = 424;
    private const int SYS_pidfd_open = 434;
    private const int P_PIDFD = 3;
    private const int WNOHANG = 1;
    private const int WEXITED = 4;
    private const int WNOWAIT = 0x0100_0000;
    private const int __WALL = 0x4000_0000;
    private const int CLD_EXITED = 1;
    private const int CLD_DUMPED = 3;
    private const int CoreFlag = 0x80;

    /// <summary>_IOWR(0xFF, 11, struct pidfd_info) with the first published size, 64 bytes (Linux 6.13).</summary>
    private const uint PIDFD_GET_INFO = 0xC040_FF0B;
    private const ulong PIDFD_INFO_PID = 1;
    private const ulong PIDFD_INFO_EXIT = 8;

    private const Errno NoSuchCall = (Errno)38;
    private const Errno NoChild = (Errno)10;

    /// <summary>Opens a pidfd, which is close-on-exec.</summary>
    /// <returns>ESRCH also for what is no process but a thread, and for what cannot be a process id (PROC-009, PROC-023).</returns>
    internal static Errno Open(nuint pid, out int pidfd)
    {
        pidfd = -1;
        if (pid is 0 or > int.MaxValue)
            return Errno.ESRCH;
        pidfd = (int)Native.SystemCall(SYS_pidfd_open, (nint)pid, 0, 0, 0);
        if (pidfd >= 0)
            return Errno.None;
        Errno error = Native.LastError();
        return error switch
        {
            Errno.EINVAL or Errno.ENOENT => Errno.ESRCH,
            NoSuchCall => Errno.ENOTSUP,
            _ => error,
        };
    }

    /// <summary>Whether a descriptor is a pidfd.</summary>
    internal static bool Is(int fd) => Wait(fd, out _, out _) is Errno.None or NoChild;

    /// <summary>Whether the process was reaped, so that its id may be another's.</summary>
    internal static bool IsReaped(int pidfd) => Signal(pidfd, 0) == Errno.ESRCH;

    /// <summary>Whether the caller may send signals to the process.</summary>
    internal static bool MaySignal(int pidfd) => Signal(pidfd, 0) != Errno.EPERM;

    /// <summary>
    /// Whether the process has exited, and its wait status: of a child by a wait that leaves it to be waited for (PROC-007), of one
    /// that was reaped as the kernel remembers it (Linux 6.15), of another's zombie as /proc shows it; otherwise 0.
    /// </summary>
    /// <param name="pidfd">Its pidfd.</param>
    /// <param name="pid">Its id, 0 where it is not known.</param>
    /// <param name="status">The wait status.</param>
    internal static bool TryGetExit(int pidfd, int pid, out int status)
    {
        if (Wait(pidfd, out bool exited, out status) == Errno.None)
            return exited;
        if (Sys.Poll(pidfd, EpollEvents.In, out EpollEvents found) != Errno.None || (found & EpollEvents.In) == 0)
            return false;
        if (TryGetInfo(pidfd, out status, ref pid))
            return true;

        // The id is the zombie's as long as nobody has reaped it; if somebody has meanwhile, the kernel remembers.
        if (!TryReadZombie(pid, out status) || IsReaped(pidfd))
            TryGetInfo(pidfd, out status, ref pid);
        return true;
    }

    private static Errno Signal(int pidfd, int signal) =>
        Native.SystemCall(SYS_pidfd_send_signal, pidfd, signal, 0, 0) < 0 ? Native.LastError() : Errno.None;

    /// <summary>waitid(2) without reaping and without waiting; ECHILD for all but unreaped children.</summary>
    private static Errno Wait(int pidfd, out bool exited, out int status)
    {
        Native.ChildInfo info = default;
        exited = false;
        status = 0;
        if (Native.WaitId(P_PIDFD, pidfd, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) < 0)
            return Native.LastError();
        exited = info.si_pid != 0;
        status = info.si_code switch
        {
            CLD_EXITED => (info.si_status & 0xff) << 8,
            CLD_DUMPED => info.si_status | CoreFlag,
            _ => info.si_status,
        };
        return Errno.None;
    }

    private static bool TryGetInfo(int pidfd, out int status, ref int pid)
    {
        ProcessInfo info = default;
        info.mask = PIDFD_INFO_PID | PIDFD_INFO_EXIT;
        bool exited = Native.Ioctl(pidfd, PIDFD_GET_INFO, (int*)&info) == 0 && (info.mask & PIDFD_INFO_EXIT) != 0;
        if (pid == 0)
            pid = (int)info.pid;
        status = exited ? info.exit_code : 0;
        return exited;
    }

    /// <summary>The last field of /proc/PID/stat is the wait status, for those who may trace the process.</summary>
    private static bool TryReadZombie(int pid, out int status)
    {
        status = 0;
        Span<byte> path = stackalloc byte[ProcPath.Length];
        ProcPath.Write(path, "/proc/"u8, pid);
        "/stat\0"u8.CopyTo(path[path.IndexOf((byte)0)..]);
        int fd = pid == 0 ? -1 : Sys.OpenRead(path);
        if (fd < 0)
            return false;
        Span<byte> text = stackalloc byte[1024];
        int length = Sys.Read(fd, text);
        Sys.Close(fd);
        ReadOnlySpan<byte> line = text[..Math.Max(0, length)];
        // A line that was cut off says nothing.
        if (!line.EndsWith((byte)'\n'))
            return false;
        line = line[..^1];
        return Utf8Parser.TryParse(line[(line.LastIndexOf((byte)' ') + 1)..], out status, out _);
    }

    /// <summary>struct pidfd_info as first published; later versions are longer, and the kernel serves each length.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    internal struct ProcessInfo
    {
        internal ulong mask;
        internal ulong cgroupid;
        internal uint pid;
        internal uint tgid;
        internal uint ppid;
        internal uint ruid;
        internal uint rgid;
        internal uint euid;
        internal uint egid;
        internal uint suid;
        internal uint sgid;
        internal uint fsuid;
        internal uint fsgid;
        internal int exit_code;
    }
}
