namespace LibKqueueSharp.Kernels;

/// <summary>
/// A system's error numbers with their names, and what they are in <see cref="Errno"/>. Up to 34 the systems agree, but for 11
/// (intro(2) and errno.h of each system).
/// </summary>
internal sealed class ErrnoTable
{
    /// <summary>Errors that <see cref="Errno"/> does not name are this and the system's number.</summary>
    internal const int Unnamed = 1000;

    private const int FirstOfBsd = 35;

    private static readonly string[] s_common =
    [
        "", "EPERM", "ENOENT", "ESRCH", "EINTR", "EIO", "ENXIO", "E2BIG", "ENOEXEC", "EBADF", "ECHILD", "EDEADLK", "ENOMEM", "EACCES", "EFAULT",
        "ENOTBLK", "EBUSY", "EEXIST", "EXDEV", "ENODEV", "ENOTDIR", "EISDIR", "EINVAL", "ENFILE", "EMFILE", "ENOTTY", "ETXTBSY", "EFBIG",
        "ENOSPC", "ESPIPE", "EROFS", "EMLINK", "EPIPE", "EDOM", "ERANGE",
    ];

    private static readonly string[] s_bsd =
    [
        "EAGAIN", "EINPROGRESS", "EALREADY", "ENOTSOCK", "EDESTADDRREQ", "EMSGSIZE", "EPROTOTYPE", "ENOPROTOOPT", "EPROTONOSUPPORT",
        "ESOCKTNOSUPPORT", "EOPNOTSUPP", "EPFNOSUPPORT", "EAFNOSUPPORT", "EADDRINUSE", "EADDRNOTAVAIL", "ENETDOWN", "ENETUNREACH",
        "ENETRESET", "ECONNABORTED", "ECONNRESET", "ENOBUFS", "EISCONN", "ENOTCONN", "ESHUTDOWN", "ETOOMANYREFS", "ETIMEDOUT",
        "ECONNREFUSED", "ELOOP", "ENAMETOOLONG", "EHOSTDOWN", "EHOSTUNREACH", "ENOTEMPTY", "EPROCLIM", "EUSERS", "EDQUOT", "ESTALE",
        "EREMOTE", "EBADRPC", "ERPCMISMATCH", "EPROGUNAVAIL", "EPROGMISMATCH", "EPROCUNAVAIL", "ENOLCK", "ENOSYS", "EFTYPE", "EAUTH",
        "ENEEDAUTH",
    ];

    private static readonly string[] s_freeBsd =
    [
        "EIDRM", "ENOMSG", "EOVERFLOW", "ECANCELED", "EILSEQ", "ENOATTR", "EDOOFUS", "EBADMSG", "EMULTIHOP", "ENOLINK", "EPROTO",
    ];

    private readonly string[] _names;
    private readonly int[] _toOurs;
    private readonly Dictionary<Errno, int> _toSystem = [];

    private ErrnoTable(string notSupported, params IEnumerable<string> names)
    {
        _names = [.. names];
        _toOurs = new int[_names.Length];
        for (int number = 1; number < _names.Length; number++)
        {
            string name = _names[number] == notSupported ? nameof(Errno.ENOTSUP) : _names[number];
            Errno ours = Enum.TryParse(name, out Errno named) ? named : (Errno)(Unnamed + number);
            _toOurs[number] = (int)ours;
            _toSystem.TryAdd(ours, number);
        }
    }

    /// <summary>FreeBSD.</summary>
    internal static ErrnoTable FreeBsd { get; } = new(
        "EOPNOTSUPP",
        [.. s_common, .. s_bsd, .. s_freeBsd, "ENOTCAPABLE", "ECAPMODE", "ENOTRECOVERABLE", "EOWNERDEAD", "EINTEGRITY"]);

    /// <summary>DragonFly.</summary>
    internal static ErrnoTable DragonFly { get; } = new("EOPNOTSUPP", [.. s_common, .. s_bsd, .. s_freeBsd, "ENOMEDIUM"]);

    /// <summary>NetBSD.</summary>
    internal static ErrnoTable NetBsd { get; } = new(
        "ENOTSUP",
        [
            .. s_common, .. s_bsd, "EIDRM", "ENOMSG", "EOVERFLOW", "EILSEQ", "ENOTSUP", "ECANCELED", "EBADMSG", "ENODATA", "ENOSR", "ENOSTR",
            "ETIME", "ENOATTR", "EMULTIHOP", "ENOLINK", "EPROTO", "EOWNERDEAD", "ENOTRECOVERABLE",
        ]);

    /// <summary>OpenBSD.</summary>
    internal static ErrnoTable OpenBsd { get; } = new(
        "ENOTSUP",
        [
            .. s_common, .. s_bsd, "EIPSEC", "ENOATTR", "EILSEQ", "ENOMEDIUM", "EMEDIUMTYPE", "EOVERFLOW", "ECANCELED", "EIDRM", "ENOMSG",
            "ENOTSUP", "EBADMSG", "ENOTRECOVERABLE", "EOWNERDEAD", "EPROTO",
        ]);

    /// <summary>macOS, where number 45 is called ENOTSUP and EOPNOTSUPP is another.</summary>
    internal static ErrnoTable MacOs { get; } = new(
        "ENOTSUP",
        [
            .. s_common, .. s_bsd.Select(name => name == "EOPNOTSUPP" ? "ENOTSUP" : name), "EPWROFF", "EDEVERR", "EOVERFLOW", "EBADEXEC",
            "EBADARCH", "ESHLIBVERS", "EBADMACHO", "ECANCELED", "EIDRM", "ENOMSG", "EILSEQ", "ENOATTR", "EBADMSG", "EMULTIHOP", "ENODATA",
            "ENOLINK", "ENOSR", "ENOSTR", "EPROTO", "ETIME", "EOPNOTSUPP", "ENOPOLICY", "ENOTRECOVERABLE", "EOWNERDEAD", "EQFULL",
        ]);

    /// <summary>Linux, whose numbers are those of <see cref="Errno"/>.</summary>
    internal static ErrnoTable Linux { get; } = new("");

    /// <summary>Ours for the system's.</summary>
    internal Errno FromSystem(long number)
    {
        if (number is < FirstOfBsd and not 11 || _names.Length == 0)
            return (Errno)number;
        return (Errno)(number < _toOurs.Length ? _toOurs[number] : Unnamed + number);
    }

    /// <summary>The system's for ours.</summary>
    internal int ToSystem(Errno error) =>
        _toSystem.TryGetValue(error, out int number) ? number : (int)error >= Unnamed ? (int)error - Unnamed : (int)error;

    /// <summary>The system's name and number.</summary>
    internal string Describe(Errno error)
    {
        int number = ToSystem(error);
        return _names.Length > number ? $"{_names[number]} ({number})" : $"{error} ({number})";
    }
}
