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

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial nint CreateFileW(char* path, uint access, uint share, void* security, uint disposition, uint flags, nint template);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int ReadDirectoryChangesW(
        nint directory, void* buffer, uint length, int subtree, uint filter, uint* bytes, Overlapped* request, nint routine);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int CancelIoEx(nint file, Overlapped* request);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int GetFileInformationByHandleEx(nint file, int kind, void* buffer, uint size);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial uint GetFinalPathNameByHandleW(nint file, char* path, uint room, uint flags);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int SetFilePointerEx(nint file, long distance, long* position, uint method);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int ReadFile(nint file, void* buffer, uint length, uint* moved, Overlapped* request);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int WriteFile(nint file, void* buffer, uint length, uint* moved, Overlapped* request);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int FlushFileBuffers(nint file);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int GetOverlappedResult(nint file, Overlapped* request, uint* moved, int waits);

    [LibraryImport(Kernel, EntryPoint = "CreateJobObjectW")]
    internal static partial nint CreateJobObject(void* security, char* name);

    [LibraryImport(Kernel)]
    internal static partial int SetInformationJobObject(nint job, int kind, void* information, uint length);

    [LibraryImport(Kernel)]
    internal static partial int AssignProcessToJobObject(nint job, nint process);

    [LibraryImport(Kernel)]
    internal static partial int IsProcessInJob(nint process, nint job, int* result);

    [LibraryImport(Nt)]
    internal static partial int NtQueryInformationProcess(nint process, int kind, void* information, uint length, uint* returned);

    [LibraryImport(Nt)]
    internal static partial int NtCreateWaitCompletionPacket(nint* packet, uint access, void* attributes);

    [LibraryImport(Nt)]
    internal static partial int NtAssociateWaitCompletionPacket(
        nint packet, nint port, nint target, nuint key, nint context, int status, nuint information, byte* signaled);

    [LibraryImport(Nt)]
    internal static partial int NtCancelWaitCompletionPacket(nint packet, byte removes);

    [LibraryImport(Kernel, EntryPoint = "CreateWaitableTimerExW")]
    internal static partial nint CreateWaitableTimerEx(void* security, char* name, uint flags, uint access);

    [LibraryImport(Kernel)]
    internal static partial int SetWaitableTimer(nint timer, long* due, int period, nint routine, nint argument, int resumes);
}
