using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kq;

/// <summary>Files and directories opened to be watched and for nothing else: their handles can neither read nor write, and opening touches nothing.</summary>
internal static class EventOnlyFile
{
    private const int O_CLOEXEC = 0x8_0000;
    private const int O_PATH = 0x20_0000;

    /// <summary>Opens a file, a directory or a FIFO.</summary>
    /// <param name="path">Where it is; symbolic links are followed.</param>
    /// <param name="file">The handle; invalid after an error.</param>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static Errno Open(string path, out SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("files to be watched are opened as Linux does; this is another system");
        file = Native.Open(path, O_PATH | O_CLOEXEC);
        return file.IsInvalid ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
    }
}
