using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PtyMultiplexer;

/// <summary>The calls for terminals, with the numbers of Linux; and reading and writing that do not wait, which .NET has for sockets alone.</summary>
internal static partial class Native
{
    internal const int O_RDWR = 2;
    internal const int O_NOCTTY = 0x100;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x8_0000;
    internal const int EAGAIN = 11;
    internal const nuint TIOCGWINSZ = 0x5413;
    internal const nuint TIOCSWINSZ = 0x5414;

    private const string C = "libc";

    [LibraryImport(C, EntryPoint = "posix_openpt", SetLastError = true)]
    internal static partial SafeFileHandle OpenMaster(int flags);

    [LibraryImport(C, EntryPoint = "grantpt", SetLastError = true)]
    internal static partial int Grant(SafeFileHandle master);

    [LibraryImport(C, EntryPoint = "unlockpt", SetLastError = true)]
    internal static partial int Unlock(SafeFileHandle master);

    [LibraryImport(C, EntryPoint = "ptsname_r")]
    internal static partial int GetName(SafeFileHandle master, [Out] byte[] name, nuint length);

    [LibraryImport(C, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Control(SafeFileHandle terminal, nuint request, ref TerminalSize size);

    [LibraryImport(C, EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(SafeFileHandle file, [Out] byte[] buffer, nuint length);

    [LibraryImport(C, EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(SafeFileHandle file, byte[] buffer, nuint length);
}
