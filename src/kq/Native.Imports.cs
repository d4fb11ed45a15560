using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kq;

/// <summary>The system calls that .NET has no form of.</summary>
internal static partial class Native
{
    private const string C = "libc";

    /// <summary>STD_INPUT_HANDLE; STD_OUTPUT_HANDLE is one less.</summary>
    private const int StandardInputName = -10;

    /// <summary>open(2) without a mode: of what is there already.</summary>
    [LibraryImport(C, EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial SafeFileHandle Open(string path, int flags);

    /// <summary>CreateFile of Windows.</summary>
    [LibraryImport("kernel32", EntryPoint = "CreateFileW", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    internal static partial SafeFileHandle CreateFile(
        string path, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    /// <summary>kill(2).</summary>
    [LibraryImport(C, EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int process, int signal);

    /// <summary>posix_spawn(3); the arguments end with null. Returns the errno.</summary>
    [LibraryImport(C, EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Spawn(out int process, string path, nint fileActions, nint attributes, string?[] arguments, nint environment);

    /// <summary>waitpid(2).</summary>
    [LibraryImport(C, EntryPoint = "waitpid", SetLastError = true)]
    internal static partial int Wait(int process, out int status, int options);

    /// <summary>The standard input (0) or output (1): a descriptor, or on Windows a HANDLE.</summary>
    internal static nint StandardStream(int number) => OperatingSystem.IsWindows() ? StandardHandle(StandardInputName - number) : number;

    [LibraryImport("kernel32", EntryPoint = "GetStdHandle")]
    private static partial nint StandardHandle(int name);

    /// <summary>syscall(2) with two arguments.</summary>
    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint SystemCall(nint number, nint first, nint second);
}
