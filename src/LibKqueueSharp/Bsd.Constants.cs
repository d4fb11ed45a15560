namespace LibKqueueSharp;

/// <content>Filters and flags.</content>
public static partial class Bsd
{
    /// <summary>Something can be read.</summary>
    public const short EVFILT_READ = -1;

    /// <summary>Something can be written.</summary>
    public const short EVFILT_WRITE = -2;

    /// <summary>An asynchronous operation finished; registered by the AIO calls only.</summary>
    public const short EVFILT_AIO = -3;

    /// <summary>A file changed.</summary>
    public const short EVFILT_VNODE = -4;

    /// <summary>A process exited, forked or executed.</summary>
    public const short EVFILT_PROC = -5;

    /// <summary>A signal was sent to this process.</summary>
    public const short EVFILT_SIGNAL = -6;

    /// <summary>A timer expired.</summary>
    public const short EVFILT_TIMER = -7;

    /// <summary>A process behind a descriptor exited.</summary>
    public const short EVFILT_PROCDESC = -8;

    /// <summary>Something was mounted or unmounted.</summary>
    public const short EVFILT_FS = -9;

    /// <summary>A list of asynchronous operations finished; registered by the AIO calls only.</summary>
    public const short EVFILT_LIO = -10;

    /// <summary>An event of the caller's own.</summary>
    public const short EVFILT_USER = -11;

    /// <summary>A number without an implementation (SENDFILE-001).</summary>
    public const short EVFILT_SENDFILE = -12;

    /// <summary>A socket's send buffer is empty.</summary>
    public const short EVFILT_EMPTY = -13;

    /// <summary>A jail changed (FreeBSD 15).</summary>
    public const short EVFILT_JAIL = -14;

    /// <summary>A jail behind a descriptor changed (FreeBSD 15).</summary>
    public const short EVFILT_JAILDESC = -15;

    /// <summary>How many filters there are.</summary>
    public const short EVFILT_SYSCOUNT = 15;

    /// <summary>Registers, or changes what is registered.</summary>
    public const ushort EV_ADD = 0x0001;

    /// <summary>Removes the registration.</summary>
    public const ushort EV_DELETE = 0x0002;

    /// <summary>Lets a disabled registration deliver again.</summary>
    public const ushort EV_ENABLE = 0x0004;

    /// <summary>Keeps the registration, delivers nothing.</summary>
    public const ushort EV_DISABLE = 0x0008;

    /// <summary>The first event removes the registration.</summary>
    public const ushort EV_ONESHOT = 0x0010;

    /// <summary>Each event resets the state.</summary>
    public const ushort EV_CLEAR = 0x0020;

    /// <summary>The change is answered by a record.</summary>
    public const ushort EV_RECEIPT = 0x0040;

    /// <summary>Each event disables the registration.</summary>
    public const ushort EV_DISPATCH = 0x0080;

    /// <summary>Makes a registration one-shot and delivers it at once.</summary>
    public const ushort EV_FORCEONESHOT = 0x0100;

    /// <summary>A change leaves udata as it was (FreeBSD 14).</summary>
    public const ushort EV_KEEPUDATA = 0x0200;

    /// <summary>The flags that a change cannot set (CALL-ERR-014).</summary>
    public const ushort EV_SYSFLAGS = 0xf000;

    /// <summary>Internal to FreeBSD's kernel.</summary>
    public const ushort EV_DROP = 0x1000;

    /// <summary>Internal to FreeBSD's kernel.</summary>
    public const ushort EV_FLAG1 = 0x2000;

    /// <summary>Internal to FreeBSD's kernel; the bit of EV_ERROR.</summary>
    public const ushort EV_FLAG2 = 0x4000;

    /// <summary>In a record: data is the errno of the change, or 0.</summary>
    public const ushort EV_ERROR = 0x4000;

    /// <summary>In an event: the other side is gone, or the process ended.</summary>
    public const ushort EV_EOF = 0x8000;

    /// <summary>kqueuex: close the queue on exec (FreeBSD 14).</summary>
    public const uint KQUEUE_CLOEXEC = 0x0000_0001;

    /// <summary>kqueuex: copy the queue on fork (FreeBSD 15).</summary>
    public const uint KQUEUE_CPONFORK = 0x0000_0002;

    /// <summary>kqueue1: close the queue on exec; FreeBSD's number.</summary>
    public const int O_CLOEXEC = 0x0010_0000;
}
