using System.Runtime.InteropServices;

namespace LibKqueueSharp.Windows;

/// <summary>Numbers and structures of Windows for files (fileapi.h, minwinbase.h).</summary>
internal static unsafe partial class Native
{
    internal const uint ListDirectory = 0x0001;
    internal const uint ReadAttributes = 0x0080;
    internal const uint ShareAll = 7;
    internal const uint OpenAlways = 3;
    internal const uint BackupSemantics = 0x0200_0000;
    internal const uint OpensOverlapped = 0x4000_0000;
    internal const uint OpensReparsePoint = 0x0020_0000;
    internal const uint OpensForBackup = 0x4000;
    internal const uint CaseInsensitive = 0x40;
    internal const uint FromCurrent = 1;
    internal const uint FileTypeDisk = 1;
    internal const int InvalidHandle = 6;

    internal const uint ChangedFileName = 0x001;
    internal const uint ChangedDirectoryName = 0x002;
    internal const uint ChangedAttributes = 0x004;
    internal const uint ChangedSize = 0x008;
    internal const uint ChangedLastWrite = 0x010;
    internal const uint ChangedSecurity = 0x100;

    internal const int BasicInfo = 0;
    internal const int StandardInfo = 1;
    internal const int IdInfo = 18;

    /// <summary>An OVERLAPPED.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Overlapped
    {
        internal nint Status;
        internal nint Moved;
        internal long Offset;
        internal nint Wakes;
    }

    /// <summary>A FILE_BASIC_INFO.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FileBasicInfo
    {
        internal long Created;
        internal long Accessed;
        internal long Modified;
        internal long Changed;
        internal uint Attributes;
    }

    /// <summary>A FILE_STANDARD_INFO.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FileStandardInfo
    {
        internal long Allocated;
        internal long Size;
        internal uint Links;
        internal byte IsDeleted;
        internal byte IsDirectory;
    }

    /// <summary>A FILE_ID_INFO.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FileIdInfo
    {
        internal ulong Volume;
        internal ulong Low;
        internal ulong High;
    }
}
