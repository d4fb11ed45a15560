namespace LibKqueueSharp;

/// <summary>
/// The filters of kqueue(2), with FreeBSD's numbers. A filter decides what a registration watches and what
/// <see cref="KEvent.Data"/> and <see cref="KEvent.FFlags"/> mean. <see cref="KqueueCapabilities"/> tells which ones a
/// backend serves; adding one that it does not serve fails with <see cref="Errno.EINVAL"/> or <see cref="Errno.ENOTSUP"/>.
/// </summary>
public enum EventFilter : short
{
    /// <summary>
    /// Something can be read. Data: bytes that can be read; connections waiting on a listening socket;
    /// size minus offset of a regular file (may be negative); the counter of an eventfd; the number of events
    /// queued in a watched queue. Notes: <see cref="ReadWriteNotes"/>.
    /// </summary>
    Read = -1,

    /// <summary>Something can be written. Data: bytes of room. Notes: <see cref="ReadWriteNotes"/>.</summary>
    Write = -2,

    /// <summary>An asynchronous operation finished. Only the AIO calls register it (AIO-006).</summary>
    Aio = -3,

    /// <summary>A file changed. Data: 0. Notes: <see cref="VnodeNotes"/>.</summary>
    Vnode = -4,

    /// <summary>A process exited, forked or executed. Data: the wait status on exit. Notes: <see cref="ProcessNotes"/>.</summary>
    Process = -5,

    /// <summary>A signal was sent to this process. Data: how often since the last event.</summary>
    Signal = -6,

    /// <summary>A timer expired. Data: how often since the last event. Notes: <see cref="TimerNotes"/>.</summary>
    Timer = -7,

    /// <summary>A process behind a descriptor exited. Data: the wait status. Notes: <see cref="ProcessNotes"/>.</summary>
    ProcessDescriptor = -8,

    /// <summary>
    /// Something was mounted, unmounted or mounted anew with other options. Any ident will do. Data: 0. Notes:
    /// <see cref="FileSystemNotes"/>; EV_CLEAR is set by the filter (FS-001).
    /// </summary>
    FileSystem = -9,

    /// <summary>A list of asynchronous operations finished. Only the AIO calls register it (LIO-003).</summary>
    Lio = -10,

    /// <summary>An event of the caller's own. Data: what the last trigger carried. Notes: <see cref="UserNotes"/>.</summary>
    User = -11,

    /// <summary>A number without an implementation in FreeBSD (SENDFILE-001).</summary>
    SendFile = -12,

    /// <summary>A socket's send buffer is empty: all was acknowledged. Data: 0 (EMPTY-001).</summary>
    Empty = -13,

    /// <summary>A jail changed (FreeBSD 15).</summary>
    Jail = -14,

    /// <summary>A jail behind a descriptor changed (FreeBSD 15).</summary>
    JailDescriptor = -15,

    /// <summary>
    /// Urgent data on a socket (OpenBSD, macOS). FreeBSD has no such filter and no number for it; this number is ours.
    /// Data: bytes that can be read. Notes: <see cref="ReadWriteNotes.OutOfBand"/> (EXC-001).
    /// </summary>
    Except = -16,
}
