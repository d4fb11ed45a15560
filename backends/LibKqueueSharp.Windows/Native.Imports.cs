using System.Runtime.InteropServices;

namespace LibKqueueSharp.Windows;

/// <summary>The calls of Windows that the backend uses. None of them takes or gives a managed object.</summary>
internal static unsafe partial class Native
{
    private const string Kernel = "kernel32";
    private const string Nt = "ntdll";
    private const string Sockets = "ws2_32";

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial nint CreateIoCompletionPort(nint file, nint port, nuint key, uint threads);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int GetQueuedCompletionStatusEx(nint port, Packet* packets, uint room, uint* count, uint milliseconds, int alertable);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int PostQueuedCompletionStatus(nint port, uint bytes, nuint key, nint context);

    [LibraryImport(Kernel)]
    internal static partial int SetFileCompletionNotificationModes(nint file, byte modes);

    [LibraryImport(Kernel)]
    internal static partial int CloseHandle(nint handle);

    [LibraryImport(Kernel)]
    internal static partial int GetHandleInformation(nint handle, uint* flags);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial nint OpenProcess(uint access, int inherits, uint id);

    [LibraryImport(Kernel)]
    internal static partial int GetExitCodeProcess(nint process, uint* code);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int PeekNamedPipe(nint pipe, void* buffer, uint room, uint* read, uint* available, uint* left);

    [LibraryImport(Kernel)]
    internal static partial uint GetFileType(nint file);

    [LibraryImport(Nt)]
    internal static partial int NtCreateFile(
        nint* file, uint access, ObjectAttributes* attributes, StatusBlock* status, long* size, uint kind, uint share, uint disposition,
        uint options, void* extended, uint extendedLength);

    [LibraryImport(Nt)]
    internal static partial int NtDeviceIoControlFile(
        nint file, nint wakes, nint routine, nint context, StatusBlock* status, uint code, void* input, uint inputLength, void* output,
        uint outputLength);

    [LibraryImport(Nt)]
    internal static partial int NtQueryInformationFile(nint file, StatusBlock* status, void* information, uint length, int kind);

    [LibraryImport(Nt)]
    internal static partial int NtCancelIoFileEx(nint file, StatusBlock* request, StatusBlock* status);

    [LibraryImport(Sockets, EntryPoint = "ioctlsocket")]
    internal static partial int IoctlSocket(nint socket, int command, uint* value);

    [LibraryImport(Sockets, EntryPoint = "getsockopt")]
    internal static partial int GetSocketOption(nint socket, int level, int option, void* value, int* length);

    [LibraryImport(Sockets, EntryPoint = "getpeername")]
    internal static partial int GetPeerName(nint socket, void* address, int* length);

    [LibraryImport(Sockets, EntryPoint = "send")]
    internal static partial int Send(nint socket, void* data, int length, int flags);

    [LibraryImport(Sockets)]
    internal static partial int WSAIoctl(
        nint socket, uint code, void* input, uint inputLength, void* output, uint outputLength, uint* bytes, void* overlapped, nint routine);

    [LibraryImport(Sockets)]
    internal static partial int WSAEventSelect(nint socket, nint wakes, int events);

    [LibraryImport(Sockets)]
    internal static partial int WSAEnumNetworkEvents(nint socket, nint wakes, NetworkEvents* events);

    [LibraryImport(Sockets)]
    internal static partial int WSAGetLastError();

    [LibraryImport(Sockets)]
    internal static partial int WSAStartup(ushort version, void* data);
}
