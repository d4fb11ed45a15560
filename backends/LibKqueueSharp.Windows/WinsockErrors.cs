namespace LibKqueueSharp.Windows;

/// <summary>Winsock's error numbers as those of kqueue(2).</summary>
internal static class WinsockErrors
{
    internal static Errno ToErrno(int error) => error switch
    {
        0 => Errno.None,
        10050 or 10051 => Errno.ENETUNREACH,
        10053 => Errno.ECONNABORTED,
        10054 => Errno.ECONNRESET,
        10057 => Errno.ENOTCONN,
        10060 => Errno.ETIMEDOUT,
        10061 => Errno.ECONNREFUSED,
        10064 or 10065 => Errno.EHOSTUNREACH,
        _ => Errno.EIO,
    };
}
