using System.Buffers.Text;

namespace LibKqueueSharp.Linux;

/// <summary>Paths below /proc/self for a descriptor, written without an allocation.</summary>
internal static class ProcPath
{
    /// <summary>Room for the longest one and its final zero.</summary>
    internal const int Length = 40;

    internal static void Write(Span<byte> path, ReadOnlySpan<byte> prefix, int fd)
    {
        prefix.CopyTo(path);
        Utf8Formatter.TryFormat(fd, path[prefix.Length..], out int digits);
        path[prefix.Length + digits] = 0;
    }
}
