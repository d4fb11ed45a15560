using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Windows;

/// <summary>
/// A wait-completion packet of one port. What it carries is a number and no address, and each receiver knows its numbers: one that was taken before it could be
/// cancelled means nothing.
/// </summary>
internal sealed class WaitPacket : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly IWaitPackets _calls;
    private readonly nint _port;
    private readonly nuint _key;

    private WaitPacket(IWaitPackets calls, nint packet, nint port, nuint key)
        : base(ownsHandle: true)
    {
        _calls = calls;
        _port = port;
        _key = key;
        SetHandle(packet);
    }

    /// <returns>Null when the system has no room for it.</returns>
    internal static WaitPacket? Create(IWaitPackets calls, nint port, nuint key) =>
        calls.Create(out nint packet) >= 0 ? new WaitPacket(calls, packet, port, key) : null;

    /// <summary>Has the port told once when the object is signaled. It must be idle.</summary>
    internal bool Begin(nint target, nint context) => _calls.Associate(handle, _port, target, _key, context) >= 0;

    /// <returns>False when it is in the port and could not be taken back: it is not idle before somebody has taken it.</returns>
    internal bool End() => _calls.Cancel(handle) is Native.StatusSuccess or Native.StatusCancelled;

    protected override bool ReleaseHandle()
    {
        _calls.Cancel(handle);
        _calls.Close(handle);
        return true;
    }
}
