namespace LibKqueueSharp;

/// <summary>
/// The error numbers that this library reports: Linux's, on every system. A native backend translates those of its kernel, which differ
/// from 35 on; one that has no name here is 1000 and the kernel's number. <see cref="BackendQueue.Describe"/> tells what the kernel calls it.
/// </summary>
public enum Errno
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>Not permitted: the filter is registered by other calls only.</summary>
    EPERM = 1,

    /// <summary>No such registration.</summary>
    ENOENT = 2,

    /// <summary>No such process.</summary>
    ESRCH = 3,

    /// <summary>A signal was handled during the wait; all changes have been applied.</summary>
    EINTR = 4,

    /// <summary>Input or output error.</summary>
    EIO = 5,

    /// <summary>The filter has a number but no implementation.</summary>
    ENXIO = 6,

    /// <summary>The descriptor is not open, or is not a queue.</summary>
    EBADF = 9,

    /// <summary>Nothing there now.</summary>
    EAGAIN = 11,

    /// <summary>Out of memory, or out of a limited resource.</summary>
    ENOMEM = 12,

    /// <summary>Access denied.</summary>
    EACCES = 13,

    /// <summary>A pointer points nowhere.</summary>
    EFAULT = 14,

    /// <summary>It exists already.</summary>
    EEXIST = 17,

    /// <summary>The device has no event support.</summary>
    ENODEV = 19,

    /// <summary>An argument makes no sense.</summary>
    EINVAL = 22,

    /// <summary>The system's table of open files is full.</summary>
    ENFILE = 23,

    /// <summary>The process's table of descriptors is full.</summary>
    EMFILE = 24,

    /// <summary>No space left; for watches, the user's limit is reached.</summary>
    ENOSPC = 28,

    /// <summary>Nobody reads any more.</summary>
    EPIPE = 32,

    /// <summary>A value is out of range.</summary>
    ERANGE = 34,

    /// <summary>Queues are nested too deeply, or in a circle.</summary>
    ELOOP = 40,

    /// <summary>Not supported.</summary>
    ENOTSUP = 95,

    /// <summary>The network is unreachable.</summary>
    ENETUNREACH = 101,

    /// <summary>The connection was aborted.</summary>
    ECONNABORTED = 103,

    /// <summary>The connection was reset by the peer.</summary>
    ECONNRESET = 104,

    /// <summary>No connection.</summary>
    ENOTCONN = 107,

    /// <summary>The connection attempt, or the connection, timed out.</summary>
    ETIMEDOUT = 110,

    /// <summary>Nobody listens there.</summary>
    ECONNREFUSED = 111,

    /// <summary>The host is unreachable.</summary>
    EHOSTUNREACH = 113,

    /// <summary>A connection attempt is under way.</summary>
    EINPROGRESS = 115,

    /// <summary>The operation was cancelled.</summary>
    ECANCELED = 125,
}
