using System.Globalization;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The names of errors, each error under one name only.</summary>
internal static class ErrnoNames
{
    public static string Format(Errno error) =>
        Enum.IsDefined(error) ? error.ToString() : ((int)error).ToString(CultureInfo.InvariantCulture);

    /// <summary>Brings the several names that systems have for one error to one.</summary>
    public static string Normalize(string name) => name switch
    {
        "EWOULDBLOCK" => "EAGAIN",
        "EOPNOTSUPP" => "ENOTSUP",
        _ => name,
    };
}
