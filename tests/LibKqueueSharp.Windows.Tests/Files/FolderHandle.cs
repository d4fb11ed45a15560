using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Windows.Tests.Files;

/// <summary>What .NET does not do with files: it opens no folders, and makes no hard links.</summary>
internal static partial class FolderHandle
{
    private const uint Read = 0x8000_0000;
    private const uint ShareAll = 7;
    private const uint Existing = 3;
    private const uint BackupSemantics = 0x0200_0000;

    internal static SafeFileHandle Open(string path)
    {
        SafeFileHandle handle = CreateFile(path, Read, ShareAll, 0, Existing, BackupSemantics, 0);
        return handle.IsInvalid ? throw new Win32Exception() : handle;
    }

    internal static void Link(string from, string to)
    {
        if (CreateHardLink(to, from, 0) == 0)
            throw new Win32Exception();
    }

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle CreateFile(
        string path, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial int CreateHardLink(string name, string existing, nint security);
}
