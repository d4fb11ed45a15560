namespace LibKqueueSharp.Emulation;

/// <summary>What the system told of a file since its knotes were last told; what it says of a folder's entries, sorted out.</summary>
[Flags]
internal enum FileHappenings
{
    None = 0,
    Accessed = 0x001,
    Modified = 0x002,
    Attributes = 0x004,
    ClosedAfterWriting = 0x008,
    Closed = 0x010,
    Opened = 0x020,
    Moved = 0x040,

    /// <summary>An entry came, went, or was renamed within the folder.</summary>
    Entry = 0x080,

    /// <summary>A folder was made or removed in the folder.</summary>
    Folder = 0x100,
    MovedOut = 0x200,
    FolderMovedOut = 0x400,
    MovedIn = 0x800,
    FolderMovedIn = 0x1000,

    /// <summary>The file itself may have been removed without a word.</summary>
    MayBeRemoved = 0x2000,

    /// <summary>Events were lost: the file as it is now tells.</summary>
    Lost = 0x4000,
}
