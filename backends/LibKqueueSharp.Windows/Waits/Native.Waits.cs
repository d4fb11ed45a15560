namespace LibKqueueSharp.Windows;

/// <summary>
/// Numbers for calls that some Windows lack: wait-completion packets (Windows 8; learn.microsoft.com, DevNotes) and high-resolution timers (Windows 10 1803). They are
/// called only where <see cref="SystemWaitPackets"/> has found them.
/// </summary>
internal static unsafe partial class Native
{
    internal const uint PacketAccess = 0xC000_0000;
    internal const uint HighResolution = 2;
    internal const uint TimerAccess = 0x0010_0002;
}
