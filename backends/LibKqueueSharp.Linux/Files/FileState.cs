using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>What fstat(2) tells of a file that a note can be made of.</summary>
internal readonly record struct FileState(
    long Size, ulong Links, uint Mode, uint Owner, uint Group, Int128 Accessed, Int128 Modified, Int128 Changed)
{
    private const uint TypeMask = 0xF000;
    private const uint DirectoryType = 0x4000;

    internal FileState(in stat s)
        : this(
            (long)s.st_size, (ulong)s.st_nlink, (uint)s.st_mode, (uint)s.st_uid, (uint)s.st_gid,
            Time(s.st_atim), Time(s.st_mtim), Time(s.st_ctim))
    {
    }

    internal bool IsDirectory => (Mode & TypeMask) == DirectoryType;

    internal bool HasSameRights(in FileState other) => Mode == other.Mode && Owner == other.Owner && Group == other.Group;

    private static Int128 Time(in timespec t) => (Int128)(long)t.tv_sec * 1_000_000_000 + (long)t.tv_nsec;
}
