using System.Runtime.InteropServices;

namespace LibKqueueSharp.Windows;

/// <summary>
/// Calls that some Windows lack: wait-completion packets (Windows 8; learn.microsoft.com, DevNotes) and high-resolution timers (Windows 10 1803). They are
/// called only where <see cref="SystemWaitPackets"/> has found them.
/// </summary>
internal static unsafe partial class Native
{
    internal const uint PacketAccess = 0xC000_0000;
    internal const uint HighResolution = 2;
    internal const uint TimerAccess = 0x0010_0002;

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
