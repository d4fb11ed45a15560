namespace LibKqueueSharp.Conformance.Replay;

/// <summary>How <see cref="IFileCalls.Open"/> opens a file.</summary>
[Flags]
public enum HostOpenMode
{
    /// <summary>For reading.</summary>
    ReadOnly = 0,

    /// <summary>For writing.</summary>
    WriteOnly = 0x01,

    /// <summary>For both.</summary>
    ReadWrite = 0x02,

    /// <summary>Each write goes to the end.</summary>
    Append = 0x04,

    /// <summary>The file is made when it is absent.</summary>
    Create = 0x08,

    /// <summary>The file becomes empty.</summary>
    Truncate = 0x10,

    /// <summary>The file must be absent.</summary>
    Exclusive = 0x20,
}

/// <summary>Files and directories. A path <c>/t/…</c> lies in a fresh folder of the host's; other paths mean themselves.</summary>
public interface IFileCalls
{
    /// <summary>Opens a file; the value is the descriptor.</summary>
    /// <param name="path">The path.</param>
    /// <param name="mode">How.</param>
    HostAnswer Open(string path, HostOpenMode mode);

    /// <summary>Makes a file, or makes it empty, and writes some bytes.</summary>
    /// <param name="path">The path.</param>
    /// <param name="count">How many bytes.</param>
    HostAnswer Make(string path, int count);

    /// <summary>Opens a file, writes some bytes at its end, and closes it; the value is the number of bytes.</summary>
    /// <param name="path">The path.</param>
    /// <param name="count">How many bytes.</param>
    HostAnswer Append(string path, int count);

    /// <summary>Opens a file, writes some bytes at its start, and closes it; the value is the number of bytes.</summary>
    /// <param name="path">The path.</param>
    /// <param name="count">How many bytes.</param>
    HostAnswer Overwrite(string path, int count);

    /// <summary>Removes a name.</summary>
    /// <param name="path">The path.</param>
    HostAnswer Unlink(string path);

    /// <summary>Renames.</summary>
    /// <param name="from">The old path.</param>
    /// <param name="to">The new path.</param>
    HostAnswer Rename(string from, string to);

    /// <summary>Makes another name for a file.</summary>
    /// <param name="from">The file.</param>
    /// <param name="to">The new name.</param>
    HostAnswer Link(string from, string to);

    /// <summary>Makes a symbolic link.</summary>
    /// <param name="target">Where it leads.</param>
    /// <param name="path">The link.</param>
    HostAnswer SymbolicLink(string target, string path);

    /// <summary>Makes a directory.</summary>
    /// <param name="path">The path.</param>
    HostAnswer MakeDirectory(string path);

    /// <summary>Removes a directory.</summary>
    /// <param name="path">The path.</param>
    HostAnswer RemoveDirectory(string path);

    /// <summary>Changes the permissions.</summary>
    /// <param name="path">The path.</param>
    /// <param name="mode">The permissions, as the number that the octal digits mean.</param>
    HostAnswer ChangeMode(string path, int mode);

    /// <summary>Changes the size.</summary>
    /// <param name="path">The path.</param>
    /// <param name="size">The size in bytes.</param>
    HostAnswer Truncate(string path, long size);

    /// <summary>Changes the size of an open file.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="size">The size in bytes.</param>
    HostAnswer Truncate(long descriptor, long size);

    /// <summary>Sets the times of access and change to now.</summary>
    /// <param name="path">The path.</param>
    HostAnswer Touch(string path);

    /// <summary>Revokes all access to a file.</summary>
    /// <param name="path">The path.</param>
    HostAnswer Revoke(string path);

    /// <summary>Writes an open file through to its device.</summary>
    /// <param name="descriptor">The descriptor.</param>
    HostAnswer Synchronize(long descriptor);

    /// <summary>Moves the offset of an open file; the value is the new offset.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="offset">By how much, or where to.</param>
    /// <param name="origin">From where.</param>
    HostAnswer Seek(long descriptor, long offset, SeekOrigin origin);

    /// <summary>Makes a FIFO.</summary>
    /// <param name="path">The path.</param>
    HostAnswer MakeFifo(string path) => HostAnswer.NotSupported("this system has no FIFOs");
}
