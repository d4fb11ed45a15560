namespace LibKqueueSharp.Linux;

/// <summary>
/// The name under which a descriptor was opened, as /proc tells it: whether it is still the file's, and a hash that
/// tells a renamed file. inotify merges equal events, so that a link and an unlink look like one change; the name that is gone tells.
/// <c>Entry</c> is a hash of the name in its folder, 0 where it is not known.
/// </summary>
internal readonly record struct FileName(int Descriptor, int Hash, int Entry, bool IsRemoved)
{
    private const int LongestPath = 4096;

    internal static FileName Unknown => new(Descriptor: -1, Hash: 0, Entry: 0, IsRemoved: false);

    /// <summary>Reads the name; where that fails, leaves what was known.</summary>
    internal static Errno Read(int fd, ref FileName name)
    {
        Span<byte> path = stackalloc byte[ProcPath.Length];
        ProcPath.Write(path, "/proc/self/fd/"u8, fd);
        Errno error = Sys.ReadLink(path, stackalloc byte[LongestPath], out ReadOnlySpan<byte> target);
        if (error != Errno.None)
            return error;
        name = new(fd, HashOf(target), HashOf(target[(target.LastIndexOf((byte)'/') + 1)..]), target.EndsWith(" (deleted)"u8));
        return Errno.None;
    }

    /// <summary>0 for no name.</summary>
    internal static int HashOf(ReadOnlySpan<byte> name)
    {
        HashCode hash = default;
        hash.AddBytes(name);
        return name.IsEmpty ? 0 : hash.ToHashCode();
    }
}
