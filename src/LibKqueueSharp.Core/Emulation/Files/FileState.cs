namespace LibKqueueSharp.Emulation;

/// <summary>
/// What a system tells of a file that a note can be made of. The mode has the type bits of stat(2); its other bits, the owner and the group only have
/// to differ when the rights do. Times are in a unit of the system's, and only have to differ when the times do.
/// </summary>
internal readonly record struct FileState(
    long Size, ulong Links, uint Mode, uint Owner, uint Group, Int128 Accessed, Int128 Modified, Int128 Changed)
{
    internal const uint DirectoryType = 0x4000;
    private const uint TypeMask = 0xF000;

    internal bool IsDirectory => (Mode & TypeMask) == DirectoryType;

    internal bool HasSameRights(in FileState other) => Mode == other.Mode && Owner == other.Owner && Group == other.Group;
}
