namespace LibKqueueSharp;

/// <summary>Notes of <see cref="EventFilter.Read"/>, <see cref="EventFilter.Write"/> and <see cref="EventFilter.Except"/>.</summary>
[Flags]
public enum ReadWriteNotes : uint
{
    /// <summary>No note.</summary>
    None = 0,

    /// <summary>
    /// Data of the change is the low-water mark in bytes, for this registration alone; the socket's own
    /// option is not touched. Sockets only; pipes ignore it (READ-LOWAT-001, READ-PIPE-LOWAT-001).
    /// </summary>
    LowWater = 0x0001,

    /// <summary>
    /// Read on a regular file fires at end of file too, with data 0 (FreeBSD NOTE_FILE_POLL, READ-FILE-006). OpenBSD calls it NOTE_EOF and
    /// reports it in fflags (READ-FILE-008).
    /// </summary>
    FilePoll = 0x0002,

    /// <summary>Except: urgent data is pending (NOTE_OOB with OpenBSD's value, EXC-001).</summary>
    OutOfBand = 0x0004,
}

/// <summary>Notes of <see cref="EventFilter.Vnode"/>: what to watch for, and what happened (VNODE-001).</summary>
[Flags]
public enum VnodeNotes : uint
{
    /// <summary>No note.</summary>
    None = 0,

    /// <summary>A name of the file was removed.</summary>
    Delete = 0x0001,

    /// <summary>The contents changed; in a directory, an entry came, went or was renamed.</summary>
    Write = 0x0002,

    /// <summary>A write made the file longer.</summary>
    Extend = 0x0004,

    /// <summary>The attributes changed.</summary>
    Attributes = 0x0008,

    /// <summary>The link count changed.</summary>
    Link = 0x0010,

    /// <summary>The file was renamed.</summary>
    Rename = 0x0020,

    /// <summary>Access was revoked. Linux and Windows never send it.</summary>
    Revoke = 0x0040,

    /// <summary>The file was opened (FreeBSD, NetBSD).</summary>
    Open = 0x0080,

    /// <summary>A descriptor without write access was closed (FreeBSD, NetBSD).</summary>
    Close = 0x0100,

    /// <summary>A descriptor with write access was closed (FreeBSD, NetBSD).</summary>
    CloseWrite = 0x0200,

    /// <summary>The file was read (FreeBSD, NetBSD).</summary>
    Read = 0x0400,

    /// <summary>The file was made shorter (OpenBSD, where it has a number that FreeBSD uses for Open; this one is ours).</summary>
    Truncate = 0x0800,
}

/// <summary>Notes of <see cref="EventFilter.Process"/> and <see cref="EventFilter.ProcessDescriptor"/>.</summary>
[Flags]
public enum ProcessNotes : uint
{
    /// <summary>No note.</summary>
    None = 0,

    /// <summary>Follow forks: the child is watched as well (PROC-TRACK-001).</summary>
    Track = 0x0000_0001,

    /// <summary>In an event: a child could not be watched (PROC-TRACK-005).</summary>
    TrackError = 0x0000_0002,

    /// <summary>In an event: this is a new child, data is its parent's id (PROC-TRACK-002).</summary>
    Child = 0x0000_0004,

    /// <summary>macOS only: the exit comes with the wait status, which is 0 there without this note (PROC-003).</summary>
    ExitStatus = 0x0400_0000,

    /// <summary>The process executed a program.</summary>
    Exec = 0x2000_0000,

    /// <summary>The process forked.</summary>
    Fork = 0x4000_0000,

    /// <summary>The process exited; data is the wait status (PROC-002).</summary>
    Exit = 0x8000_0000,
}

/// <summary>
/// Notes of <see cref="EventFilter.FileSystem"/>: what to watch for, and what happened (FS-001, FS-002). Linux sends
/// <see cref="Mount"/>, <see cref="Unmount"/> and <see cref="Update"/>.
/// </summary>
[Flags]
public enum FileSystemNotes : uint
{
    /// <summary>No note.</summary>
    None = 0,

    /// <summary>A server does not respond (VQ_NOTRESP).</summary>
    NotResponding = 0x0001,

    /// <summary>A server wants authentication (VQ_NEEDAUTH).</summary>
    NeedsAuthentication = 0x0002,

    /// <summary>Little space is left (VQ_LOWDISK).</summary>
    LowDisk = 0x0004,

    /// <summary>Something was mounted (VQ_MOUNT).</summary>
    Mount = 0x0008,

    /// <summary>Something was unmounted (VQ_UNMOUNT).</summary>
    Unmount = 0x0010,

    /// <summary>A file system is dead (VQ_DEAD).</summary>
    Dead = 0x0020,

    /// <summary>A file system needs help from outside (VQ_ASSIST).</summary>
    Assist = 0x0040,

    /// <summary>A server's lock service does not respond (VQ_NOTRESPLOCK).</summary>
    LockNotResponding = 0x0080,

    /// <summary>The options of a mount or of its file system were changed (macOS VQ_UPDATE; FreeBSD reserves the bit and tells nothing).</summary>
    Update = 0x0100,
}

/// <summary>Notes of <see cref="EventFilter.Timer"/>: the unit of data, and whether it is a point in time.</summary>
[Flags]
public enum TimerNotes : uint
{
    /// <summary>Milliseconds, from now on (TIMER-001).</summary>
    None = 0,

    /// <summary>Data is in seconds.</summary>
    Seconds = 0x0001,

    /// <summary>Data is in milliseconds, the default.</summary>
    Milliseconds = 0x0002,

    /// <summary>Data is in microseconds.</summary>
    Microseconds = 0x0004,

    /// <summary>Data is in nanoseconds.</summary>
    Nanoseconds = 0x0008,

    /// <summary>Data is a point in time since the Unix epoch; fires once and never repeats (TIMER-ABS-001).</summary>
    Absolute = 0x0010,
}

/// <summary>
/// Notes of <see cref="EventFilter.User"/>: an operation on the stored flags, the trigger, and 24 bits of the caller's
/// (USER-FF-001 to USER-FF-009).
/// </summary>
[Flags]
public enum UserNotes : uint
{
    /// <summary>The stored flags stay as they are (NOTE_FFNOP).</summary>
    None = 0,

    /// <summary>The 24 bits that belong to the caller.</summary>
    FlagsMask = 0x00ff_ffff,

    /// <summary>Triggers the event (USER-002).</summary>
    Trigger = 0x0100_0000,

    /// <summary>The stored flags are ANDed with the given ones (NOTE_FFAND).</summary>
    And = 0x4000_0000,

    /// <summary>The given flags are ORed into the stored ones (NOTE_FFOR).</summary>
    Or = 0x8000_0000,

    /// <summary>The given flags replace the stored ones (NOTE_FFCOPY).</summary>
    Copy = 0xc000_0000,

    /// <summary>The bits that name the operation.</summary>
    ControlMask = 0xc000_0000,
}
