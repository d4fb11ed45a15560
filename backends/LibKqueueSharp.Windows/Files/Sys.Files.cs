using System.Runtime.InteropServices;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>
/// The calls on files and directories. The block of a request is unmanaged memory, an OVERLAPPED and the buffer behind it; it stays until the packet
/// of the request came back. All other addresses are those of locals, for the length of one call.
/// </summary>
internal static unsafe partial class Sys
{
    /// <summary>What a directory can tell at once; what does not go in is an overflow.</summary>
    internal const int RequestBuffer = 16 * 1024;

    private const int LongestPath = 32 * 1024;
    private const int UsualPath = 512;

    internal static bool IsDiskFile(nint handle) => Native.GetFileType(handle) == Native.FileTypeDisk;

    /// <summary>What a handle stands for, and how it is now.</summary>
    /// <returns>EBADF when it is not open, ENOTSUP when it is no file of a file system, EIO when it cannot be looked at now.</returns>
    internal static Errno LookAt(nint file, out FileIdentity identity, out FileState state)
    {
        Native.FileIdInfo id = default;
        Native.FileStandardInfo standard = default;
        Native.FileBasicInfo basic = default;
        bool ok = Native.GetFileInformationByHandleEx(file, Native.IdInfo, &id, (uint)sizeof(Native.FileIdInfo)) != 0
            && Native.GetFileInformationByHandleEx(file, Native.StandardInfo, &standard, (uint)sizeof(Native.FileStandardInfo)) != 0
            && Native.GetFileInformationByHandleEx(file, Native.BasicInfo, &basic, (uint)sizeof(Native.FileBasicInfo)) != 0;
        bool deleted = standard.IsDeleted != 0;
        bool directory = standard.IsDirectory != 0;
        identity = new FileIdentity(id.Volume, id.Low, id.High);
        state = new FileState(
            directory ? 0 : standard.Size, deleted ? 0 : standard.Links, directory ? FileState.DirectoryType : 0, basic.Attributes, 0,
            basic.Accessed, basic.Modified, basic.Changed);
        if (ok)
            return Errno.None;
        return Marshal.GetLastPInvokeError() == Native.InvalidHandle ? Errno.EBADF : IsDiskFile(file) ? Errno.EIO : Errno.ENOTSUP;
    }

    /// <summary>What lies under a name in an open directory, by a handle that is closed at once.</summary>
    internal static bool TryIdentify(nint directory, ReadOnlySpan<char> name, out FileIdentity identity)
    {
        identity = default;
        nint opened = 0;
        fixed (char* text = name)
        {
            Native.UnicodeString path = new()
            {
                Length = (ushort)(name.Length * sizeof(char)),
                Room = (ushort)(name.Length * sizeof(char)),
                Text = text,
            };
            Native.ObjectAttributes attributes = new()
            {
                Length = (uint)sizeof(Native.ObjectAttributes),
                Root = directory,
                Name = &path,
                Attributes = Native.CaseInsensitive,
            };
            Native.StatusBlock block = default;
            int status = Native.NtCreateFile(
                &opened, Native.Synchronize | Native.ReadAttributes, &attributes, &block, null, 0, Native.ShareAll, Native.OpenExisting,
                Native.OpensForBackup | Native.OpensReparsePoint, null, 0);
            if (status < 0)
                return false;
        }

        bool found = LookAt(opened, out identity, out _) == Errno.None;
        Close(opened);
        return found;
    }

    /// <summary>The path of an open file as Windows knows it now, or null.</summary>
    internal static string? PathOf(nint file)
    {
        Span<char> path = stackalloc char[UsualPath];
        uint length = PathOf(file, path);
        if (length >= path.Length)
        {
            path = new char[LongestPath];
            length = PathOf(file, path);
        }

        return length == 0 || length >= path.Length ? null : path[..(int)length].ToString();
    }

    private static uint PathOf(nint file, Span<char> path)
    {
        fixed (char* at = path)
            return Native.GetFinalPathNameByHandleW(file, at, (uint)path.Length, 0);
    }

    /// <summary>Opens a directory to be told of changes, for the port.</summary>
    internal static Errno OpenDirectory(string path, nint port, nuint key, out nint directory)
    {
        fixed (char* at = path)
        {
            directory = Native.CreateFileW(
                at, Native.ListDirectory, Native.ShareAll, null, Native.OpenAlways, Native.BackupSemantics | Native.OpensOverlapped, 0);
        }

        if (directory == NoFile)
            return Errno.EACCES;
        if (Native.CreateIoCompletionPort(directory, port, key, 0) != 0)
            return Errno.None;
        Close(directory);
        return Errno.ENOMEM;
    }

    internal static nint AllocateRequest() => (nint)NativeMemory.AllocZeroed((nuint)(sizeof(Native.Overlapped) + RequestBuffer));

    internal static void FreeRequest(nint block) => NativeMemory.Free((void*)block);

    /// <summary>Asks to be told of changes in a directory, once: a packet with the block's address comes. The filter counts the first time only.</summary>
    internal static bool AskForChanges(nint directory, nint block, uint filter)
    {
        Native.Overlapped* request = (Native.Overlapped*)block;
        *request = new() { Status = Native.StatusPending };
        return Native.ReadDirectoryChangesW(directory, request + 1, RequestBuffer, 0, filter, null, request, 0) != 0;
    }

    /// <summary>What a request has brought, until it is made again.</summary>
    internal static ReadOnlySpan<byte> Changes(nint block, uint bytes) =>
        new((Native.Overlapped*)block + 1, (int)Math.Min(bytes, RequestBuffer));

    /// <summary>Whether the kernel has done with a request: it writes the status last, and the packet comes afterwards.</summary>
    internal static bool HasRequestEnded(nint block) =>
        (int)Volatile.Read(ref ((Native.Overlapped*)block)->Status) != Native.StatusPending;

    internal static void CancelRequest(nint directory, nint block) => Native.CancelIoEx(directory, (Native.Overlapped*)block);

    /// <summary>Where the file's own offset is; 0 for a handle that was opened overlapped, which has none.</summary>
    internal static long OffsetOf(nint file)
    {
        long position = 0;
        return Native.SetFilePointerEx(file, 0, &position, Native.FromCurrent) != 0 ? position : 0;
    }
}
