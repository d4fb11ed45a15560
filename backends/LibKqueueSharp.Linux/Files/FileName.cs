namespace LibKqueueSharp.Linux;

/// <summary>
/// The name under which a descriptor was opened, as /proc tells it: whether it is still the file's, and a hash that
/// tells a renamed file. inotify merges equal events, so that a link and an unlink look like one change; the name that is gone tells.
/// </summary>
internal readonly record struct FileName(int Descriptor, int Hash, bool IsRemoved)
{
    private const int LongestPath = 4096;

    internal static FileName Of(int fd)
    {
        Span<byte> path = stackalloc byte[ProcPath.Length];
        ProcPath.Write(path, "/proc/self/fd/"u8, fd);
        ReadOnlySpan<byte> target = Sys.ReadLink(path, stackalloc byte[LongestPath]);
        HashCode hash = default;
        hash.AddBytes(target);
        return new(fd, hash.ToHashCode(), target.EndsWith(" (deleted)"u8));
    }
}
