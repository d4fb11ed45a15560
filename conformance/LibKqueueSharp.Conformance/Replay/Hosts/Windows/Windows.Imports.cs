using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The calls that .NET lacks.</summary>
internal static unsafe partial class WindowsCalls
{
    private const string Kernel = "kernel32";

    [LibraryImport(Kernel, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool CreatePipe(out SafeFileHandle reader, out SafeFileHandle writer, nint security, uint size);

    [LibraryImport(Kernel, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool PeekNamedPipe(SafeFileHandle pipe, void* buffer, uint room, uint* read, out uint available, uint* left);

    [LibraryImport(Kernel, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool ReadFile(SafeFileHandle file, byte[] buffer, int count, out int read, nint overlapped);

    [LibraryImport(Kernel, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool WriteFile(SafeFileHandle file, byte[] buffer, int count, out int written, nint overlapped);
}
