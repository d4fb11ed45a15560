using System.Runtime.InteropServices;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The calls of Windows on files that .NET has no form of: it opens no directories, and its handles have no offset of their own.</summary>
internal static unsafe partial class WindowsFileCalls
{
    public const uint GenericRead = 0x8000_0000;
    public const uint GenericWrite = 0x4000_0000;
    public const uint ShareAll = 7;
    public const uint CreateNew = 1;
    public const uint CreateAlways = 2;
    public const uint OpenExisting = 3;
    public const uint OpenAlways = 4;
    public const uint TruncateExisting = 5;

    /// <summary>Lets directories be opened.</summary>
    public const uint BackupSemantics = 0x0200_0000;

    public const uint SameAccess = 2;
    public const nint ThisProcess = -1;
    public const nint NoFile = -1;

    private const string Kernel = "kernel32";

    [LibraryImport(Kernel, EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial nint CreateFile(string path, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport(Kernel, SetLastError = true)]
    public static partial int ReadFile(nint file, byte* buffer, uint length, uint* moved, nint overlapped);

    [LibraryImport(Kernel, SetLastError = true)]
    public static partial int WriteFile(nint file, byte* buffer, uint length, uint* moved, nint overlapped);

    [LibraryImport(Kernel, SetLastError = true)]
    public static partial int SetFilePointerEx(nint file, long distance, long* position, uint method);

    [LibraryImport(Kernel, EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int CreateHardLink(string name, string existing, nint security);

    [LibraryImport(Kernel, SetLastError = true)]
    public static partial int DuplicateHandle(nint source, nint handle, nint target, nint* duplicate, uint access, int inherits, uint options);

    [LibraryImport(Kernel)]
    public static partial int CloseHandle(nint handle);
}
