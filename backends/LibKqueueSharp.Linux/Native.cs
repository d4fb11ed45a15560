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
    internal const uint IN_MODIFY = 0x0000_0002;
    internal const uint IN_MOVED_FROM = 0x0000_0040;
    internal const uint IN_MOVED_TO = 0x0000_0080;
    internal const uint IN_CREATE = 0x0000_0100;
    internal const uint IN_DELETE = 0x0000_0200;
    internal const uint IN_Q_OVERFLOW = 0x0000_4000;
    internal const uint IN_IGNORED = 0x0000_8000;

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
