using System.Runtime.InteropServices;

namespace LibKqueueSharp.Windows;

/// <summary>
/// The calls for wait-completion packets, which put a packet into a port when an object is signaled, and then are idle again once it was taken. They return an
/// NTSTATUS. Any thread may call them.
/// </summary>
internal interface IWaitPackets
{
    int Create(out nint packet);

    /// <summary>Fails for a packet that waits, or is in a port. For an object that is signaled already the packet is in the port at once.</summary>
    int Associate(nint packet, nint port, nint target, nuint key, nint context);

    /// <summary>
    /// Ends the wait, and takes the packet back from the port. STATUS_CANCELLED when it has been taken, or was idle; STATUS_PENDING when it is on its way and cannot
    /// be associated yet.
    /// </summary>
    int Cancel(nint packet);

    void Close(nint packet);
}

/// <summary>Those of this Windows. The unsafe blocks pass the addresses of locals for the length of one call.</summary>
internal sealed unsafe class SystemWaitPackets : IWaitPackets
{
    private static readonly string[] s_calls =
        ["NtCreateWaitCompletionPacket", "NtAssociateWaitCompletionPacket", "NtCancelWaitCompletionPacket"];

    private SystemWaitPackets()
    {
    }

    /// <summary>Null before Windows 8, and under Wine before 10.</summary>
    internal static SystemWaitPackets? IfAny { get; } = HasCalls() ? new SystemWaitPackets() : null;

    public int Create(out nint packet)
    {
        nint made = 0;
        int status = Native.NtCreateWaitCompletionPacket(&made, Native.PacketAccess, null);
        packet = made;
        return status;
    }

    public int Associate(nint packet, nint port, nint target, nuint key, nint context) =>
        Native.NtAssociateWaitCompletionPacket(packet, port, target, key, context, Native.StatusSuccess, 0, null);

    public int Cancel(nint packet) => Native.NtCancelWaitCompletionPacket(packet, 1);

    public void Close(nint packet) => Sys.Close(packet);

    private static bool HasCalls()
    {
        if (!NativeLibrary.TryLoad("ntdll", out nint library))
            return false;
        return Array.TrueForAll(s_calls, name => NativeLibrary.TryGetExport(library, name, out _));
    }
}
