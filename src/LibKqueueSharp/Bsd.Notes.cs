namespace LibKqueueSharp;

/// <content>Filter flags.</content>
public static partial class Bsd
{
    /// <summary>EVFILT_USER: leave the stored flags.</summary>
    public const uint NOTE_FFNOP = 0x0000_0000;

    /// <summary>EVFILT_USER: AND into the stored flags.</summary>
    public const uint NOTE_FFAND = 0x4000_0000;

    /// <summary>EVFILT_USER: OR into the stored flags.</summary>
    public const uint NOTE_FFOR = 0x8000_0000;

    /// <summary>EVFILT_USER: replace the stored flags.</summary>
    public const uint NOTE_FFCOPY = 0xc000_0000;

    /// <summary>EVFILT_USER: the bits that name the operation.</summary>
    public const uint NOTE_FFCTRLMASK = 0xc000_0000;

    /// <summary>EVFILT_USER: the bits that are the caller's.</summary>
    public const uint NOTE_FFLAGSMASK = 0x00ff_ffff;

    /// <summary>EVFILT_USER: trigger the event.</summary>
    public const uint NOTE_TRIGGER = 0x0100_0000;

    /// <summary>EVFILT_READ, EVFILT_WRITE: data is the low-water mark.</summary>
    public const uint NOTE_LOWAT = 0x0000_0001;

    /// <summary>EVFILT_READ: a regular file is ready at its end too.</summary>
    public const uint NOTE_FILE_POLL = 0x0000_0002;

    /// <summary>EVFILT_VNODE: a name of the file was removed.</summary>
    public const uint NOTE_DELETE = 0x0000_0001;

    /// <summary>EVFILT_VNODE: the contents changed.</summary>
    public const uint NOTE_WRITE = 0x0000_0002;

    /// <summary>EVFILT_VNODE: a write made the file longer.</summary>
    public const uint NOTE_EXTEND = 0x0000_0004;

    /// <summary>EVFILT_VNODE: the attributes changed.</summary>
    public const uint NOTE_ATTRIB = 0x0000_0008;

    /// <summary>EVFILT_VNODE: the link count changed.</summary>
    public const uint NOTE_LINK = 0x0000_0010;

    /// <summary>EVFILT_VNODE: the file was renamed.</summary>
    public const uint NOTE_RENAME = 0x0000_0020;

    /// <summary>EVFILT_VNODE: access was revoked.</summary>
    public const uint NOTE_REVOKE = 0x0000_0040;

    /// <summary>EVFILT_VNODE: the file was opened.</summary>
    public const uint NOTE_OPEN = 0x0000_0080;

    /// <summary>EVFILT_VNODE: a descriptor without write access was closed.</summary>
    public const uint NOTE_CLOSE = 0x0000_0100;

    /// <summary>EVFILT_VNODE: a descriptor with write access was closed.</summary>
    public const uint NOTE_CLOSE_WRITE = 0x0000_0200;

    /// <summary>EVFILT_VNODE: the file was read.</summary>
    public const uint NOTE_READ = 0x0000_0400;

    /// <summary>EVFILT_PROC, EVFILT_PROCDESC: the process exited.</summary>
    public const uint NOTE_EXIT = 0x8000_0000;

    /// <summary>EVFILT_PROC, EVFILT_PROCDESC: the process forked.</summary>
    public const uint NOTE_FORK = 0x4000_0000;

    /// <summary>EVFILT_PROC: the process executed a program.</summary>
    public const uint NOTE_EXEC = 0x2000_0000;

    /// <summary>EVFILT_PROC: follow forks.</summary>
    public const uint NOTE_TRACK = 0x0000_0001;

    /// <summary>EVFILT_PROC: a child could not be followed.</summary>
    public const uint NOTE_TRACKERR = 0x0000_0002;

    /// <summary>EVFILT_PROC: the event is of a new child.</summary>
    public const uint NOTE_CHILD = 0x0000_0004;

    /// <summary>EVFILT_PROC, macOS: with NOTE_EXIT, tell the wait status.</summary>
    public const uint NOTE_EXITSTATUS = 0x0400_0000;

    /// <summary>EVFILT_PROC: the bits of data.</summary>
    public const uint NOTE_PDATAMASK = 0x000f_ffff;

    /// <summary>EVFILT_PROC: the bits of control.</summary>
    public const uint NOTE_PCTRLMASK = 0xf000_0000;

    /// <summary>EVFILT_JAIL: a child jail was created.</summary>
    public const uint NOTE_JAIL_CHILD = 0x8000_0000;

    /// <summary>EVFILT_JAIL: the jail was changed.</summary>
    public const uint NOTE_JAIL_SET = 0x4000_0000;

    /// <summary>EVFILT_JAIL: a process was attached.</summary>
    public const uint NOTE_JAIL_ATTACH = 0x2000_0000;

    /// <summary>EVFILT_JAIL: the jail was removed.</summary>
    public const uint NOTE_JAIL_REMOVE = 0x1000_0000;

    /// <summary>EVFILT_JAIL: more than one process or child.</summary>
    public const uint NOTE_JAIL_MULTI = 0x0800_0000;

    /// <summary>EVFILT_JAIL: the bits of control.</summary>
    public const uint NOTE_JAIL_CTRLMASK = 0xf000_0000;

    /// <summary>EVFILT_TIMER: data is in seconds.</summary>
    public const uint NOTE_SECONDS = 0x0000_0001;

    /// <summary>EVFILT_TIMER: data is in milliseconds.</summary>
    public const uint NOTE_MSECONDS = 0x0000_0002;

    /// <summary>EVFILT_TIMER: data is in microseconds.</summary>
    public const uint NOTE_USECONDS = 0x0000_0004;

    /// <summary>EVFILT_TIMER: data is in nanoseconds.</summary>
    public const uint NOTE_NSECONDS = 0x0000_0008;

    /// <summary>EVFILT_TIMER: data is a point in time since the Epoch.</summary>
    public const uint NOTE_ABSTIME = 0x0000_0010;

    /// <summary>EVFILT_FS: a server does not respond.</summary>
    public const uint VQ_NOTRESP = 0x0000_0001;

    /// <summary>EVFILT_FS: authentication is needed.</summary>
    public const uint VQ_NEEDAUTH = 0x0000_0002;

    /// <summary>EVFILT_FS: little space is left.</summary>
    public const uint VQ_LOWDISK = 0x0000_0004;

    /// <summary>EVFILT_FS: something was mounted.</summary>
    public const uint VQ_MOUNT = 0x0000_0008;

    /// <summary>EVFILT_FS: something was unmounted.</summary>
    public const uint VQ_UNMOUNT = 0x0000_0010;

    /// <summary>EVFILT_FS: a file system is dead.</summary>
    public const uint VQ_DEAD = 0x0000_0020;

    /// <summary>EVFILT_FS: a file system needs help.</summary>
    public const uint VQ_ASSIST = 0x0000_0040;

    /// <summary>EVFILT_FS: a server's lock service does not respond.</summary>
    public const uint VQ_NOTRESPLOCK = 0x0000_0080;
}
