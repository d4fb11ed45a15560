namespace LibKqueueSharp;

/// <summary>What a change with filter 0 does (CALL-ERR-011).</summary>
public enum FilterZeroPolicy
{
    /// <summary>It is skipped without an error or a receipt (FreeBSD).</summary>
    Ignored,

    /// <summary>It is EVFILT_READ (NetBSD).</summary>
    Read,

    /// <summary>EINVAL (OpenBSD, macOS).</summary>
    Refused,
}

/// <summary>What EV_ENABLE with EV_DISABLE does (CALL-ERR-015).</summary>
public enum EnableWithDisablePolicy
{
    /// <summary>EINVAL (FreeBSD).</summary>
    Refused,

    /// <summary>The registration ends up enabled (NetBSD, OpenBSD).</summary>
    Enables,

    /// <summary>The registration ends up disabled (macOS).</summary>
    Disables,
}

/// <summary>What EV_ADD with EV_DELETE does (CALL-ERR-016).</summary>
public enum AddWithDeletePolicy
{
    /// <summary>Adds what is absent, deletes what is present (FreeBSD).</summary>
    AddOrDelete,

    /// <summary>Adds or modifies (NetBSD as recorded, OpenBSD).</summary>
    Add,

    /// <summary>Deletes; ENOENT when absent (macOS).</summary>
    DeleteOnly,
}

/// <summary>What becomes of a pipe's WRITE registration when the reader closes (WRITE-PIPE-003).</summary>
public enum PipeWriterEofPolicy
{
    /// <summary>EV_EOF with EV_ONESHOT: delivered once, then gone; data is the room (FreeBSD).</summary>
    OneShot,

    /// <summary>EV_EOF with data 0, on every call (NetBSD, OpenBSD, macOS).</summary>
    Stays,
}

/// <summary>What WRITE on a regular file does (WRITE-FILE-001).</summary>
public enum FileWritePolicy
{
    /// <summary>Always ready, data 0 (FreeBSD, OpenBSD).</summary>
    ReadyWithZero,

    /// <summary>Always ready, data 1 (macOS).</summary>
    ReadyWithOne,

    /// <summary>EINVAL (NetBSD as recorded).</summary>
    Refused,
}

/// <summary>What a filter on a device that cannot be polled does (READ-DEV-001 to READ-DEV-003).</summary>
public enum DevicePolicy
{
    /// <summary>ENODEV (FreeBSD).</summary>
    Refused,

    /// <summary>Always ready, with data 0 (NetBSD, OpenBSD).</summary>
    Ready,

    /// <summary>Always ready, with data 1, when asked for with NOTE_LOWAT and data 1; otherwise EINVAL (macOS).</summary>
    ReadyWithLowWater,
}

/// <summary>Where EVFILT_EXCEPT reports EV_EOF (EXC-003, EXC-006).</summary>
public enum ExceptEofPolicy
{
    /// <summary>Nowhere.</summary>
    Never,

    /// <summary>On a pipe whose other end was closed (OpenBSD).</summary>
    Pipes,

    /// <summary>On a socket whose reading side has ended, with the error in fflags (macOS).</summary>
    Sockets,
}

/// <summary>What a periodic timer with data 0 does (TIMER-ZERO-001).</summary>
public enum TimerZeroPolicy
{
    /// <summary>The period is one unit: a millisecond where no other unit is given (FreeBSD).</summary>
    OneUnit,

    /// <summary>EINVAL (NetBSD).</summary>
    Refused,

    /// <summary>Fires once, at once (macOS).</summary>
    Once,
}

/// <summary>What a timer with negative data does (TIMER-NEG-001).</summary>
public enum TimerNegativePolicy
{
    /// <summary>EINVAL (FreeBSD).</summary>
    Refused,

    /// <summary>Accepted, never fires (NetBSD as recorded).</summary>
    Never,

    /// <summary>Accepted, fires at once (OpenBSD as recorded, macOS).</summary>
    Immediate,
}

/// <summary>What becomes of the fflags of the EV_ADD that creates a user event (USER-FF-007).</summary>
public enum UserCreationPolicy
{
    /// <summary>Stored and reported as given, control bits included (FreeBSD, NetBSD, macOS).</summary>
    Raw,

    /// <summary>The low 24 bits are stored (OpenBSD).</summary>
    Masked,

    /// <summary>The operation is applied to 0 (DragonFly).</summary>
    Applied,
}

/// <summary>How a new child of a process registered with NOTE_TRACK is reported (PROC-TRACK-003, PROC-TRACK-007).</summary>
public enum ProcessTrackingPolicy
{
    /// <summary>NOTE_CHILD is an event of its own, before those of the child's registration (FreeBSD, NetBSD).</summary>
    TwoEntries,

    /// <summary>NOTE_CHILD is a note of the child's registration, and can come together with NOTE_EXIT (OpenBSD, DragonFly).</summary>
    OneEntry,

    /// <summary>NOTE_TRACK is refused with ENOTSUP (macOS).</summary>
    Refused,
}

/// <summary>What the folders report when an entry moves from one to another, beside NOTE_WRITE (VNODE-DIR-004, trace vnode_dir).</summary>
public enum VnodeMovePolicy
{
    /// <summary>NOTE_EXTEND for both, and NOTE_LINK for both when a folder moves (FreeBSD).</summary>
    ExtendsBoth,

    /// <summary>NOTE_EXTEND for the one that gets the entry, and NOTE_LINK for both when a folder moves (NetBSD's FFS).</summary>
    ExtendsTarget,

    /// <summary>Nothing (OpenBSD).</summary>
    Writes,

    /// <summary>NOTE_LINK for both when a folder moves (macOS).</summary>
    Links,
}
