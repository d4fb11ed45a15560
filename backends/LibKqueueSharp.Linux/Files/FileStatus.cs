using LibKqueueSharp.Emulation;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>What fstat(2) tells.</summary>
internal static class FileStatus
{
    internal static FileState ToState(in stat s) => new(
        (long)s.st_size, (ulong)s.st_nlink, (uint)s.st_mode, (uint)s.st_uid, (uint)s.st_gid,
        Time(s.st_atim), Time(s.st_mtim), Time(s.st_ctim));

    private static Int128 Time(in timespec t) => (Int128)(long)t.tv_sec * 1_000_000_000 + (long)t.tv_nsec;
}
