using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>Constants and structures that Tmds.LibC does not declare.</summary>
internal static unsafe partial class Native
{
    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CTL_DEL = 2;
    internal const int EPOLL_CTL_MOD = 3;

    internal const int TFD_NONBLOCK = 0x800;
    internal const int TFD_CLOEXEC = 0x80000;
    internal const int TFD_TIMER_ABSTIME = 1;
    internal const int CLOCK_MONOTONIC = 1;

    internal const int IN_CLOEXEC = 0x80000;
    internal const int IN_NONBLOCK = 0x800;
    internal const uint IN_ACCESS = 0x0000_0001;
    internal const uint IN_MODIFY = 0x0000_0002;
    internal const uint IN_ATTRIB = 0x0000_0004;
    internal const uint IN_CLOSE_WRITE = 0x0000_0008;
    internal const uint IN_CLOSE_NOWRITE = 0x0000_0010;
    internal const uint IN_OPEN = 0x0000_0020;
    internal const uint IN_MOVED_FROM = 0x0000_0040;
    internal const uint IN_MOVED_TO = 0x0000_0080;
    internal const uint IN_CREATE = 0x0000_0100;
    internal const uint IN_DELETE = 0x0000_0200;
    internal const uint IN_DELETE_SELF = 0x0000_0400;
    internal const uint IN_MOVE_SELF = 0x0000_0800;
    internal const uint IN_Q_OVERFLOW = 0x0000_4000;
    internal const uint IN_IGNORED = 0x0000_8000;
    internal const uint IN_MASK_ADD = 0x2000_0000;
    internal const uint IN_ISDIR = 0x4000_0000;

    /// <summary>What happens to the entries of a folder.</summary>
    internal const uint IN_ENTRIES = IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE;

    /// <summary>errno of the call just made; read at once, before anything else can run on this thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Errno LastError() => (Errno)Marshal.GetLastSystemError();

    /// <summary>struct itimerspec (timerfd_settime(2)).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimerSpec
    {
        internal timespec it_interval;
        internal timespec it_value;
    }

    /// <summary>siginfo_t of a child (waitid(2)); 128 bytes in all.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    internal struct ChildInfo
    {
        internal int si_signo;
        internal int si_errno;
        internal int si_code;
        internal int padding;
        internal int si_pid;
        internal int si_uid;
        internal int si_status;
    }

    /// <summary>struct inotify_event (inotify(7)); the name follows.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct InotifyEvent
    {
        internal int wd;
        internal uint mask;
        internal uint cookie;
        internal uint len;
    }
}
