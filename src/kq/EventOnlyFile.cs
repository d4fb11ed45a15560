using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kq;

/// <summary>Files and directories opened to be watched and for nothing else: their handles can neither read nor write, and opening touches nothing.</summary>
internal static class EventOnlyFile
{
    private const int O_CLOEXEC = 0x8_0000;
    private const int O_PATH = 0x20_0000;

    private const uint ReadAttributes = 0x80;
    private const uint ShareAll = 7;
    private const uint OpenExisting = 3;
    private const uint BackupSemantics = 0x0200_0000;
    private const int FileNotFound = 2;
    private const int PathNotFound = 3;
    private const int AccessDenied = 5;

    /// <summary>Opens a file, a directory or a FIFO.</summary>
    /// <param name="path">Where it is; symbolic links are followed.</param>
    /// <param name="file">The handle; invalid after an error.</param>
    /// <exception cref="PlatformNotSupportedException">This is neither Linux nor Windows.</exception>
    public static Errno Open(string path, out SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
            return OpenOnWindows(path, out file);
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("files to be watched are opened as Linux and Windows do; this is another system");
        file = Native.Open(path, O_PATH | O_CLOEXEC);
        return file.IsInvalid ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
    }

    private static Errno OpenOnWindows(string path, out SafeFileHandle file)
    {
        file = Native.CreateFile(path, ReadAttributes, ShareAll, 0, OpenExisting, BackupSemantics, 0);
        if (!file.IsInvalid)
            return Errno.None;
        return Marshal.GetLastPInvokeError() switch
        {
            FileNotFound or PathNotFound => Errno.ENOENT,
            AccessDenied => Errno.EACCES,
            _ => Errno.EIO,
        };
    }
}
