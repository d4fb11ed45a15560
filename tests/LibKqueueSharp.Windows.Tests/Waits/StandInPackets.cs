using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Windows.Tests.Waits;

/// <summary>
/// Wait-completion packets for systems that lack them, as their documentation tells: signals post once; who is signaled already posts at once; a packet in use cannot be
/// associated; cancelling takes it back from the port. To look into a port it takes everything out and puts it back.
/// </summary>
internal sealed unsafe partial class StandInPackets : IWaitPackets
{
    private const int InvalidParameter = unchecked((int)0xC000_000D);
    private const int SizeOfPacket = 32;
    private const uint SameAccess = 2;

    private readonly Lock _gate = new();
    private readonly Dictionary<nint, Packet> _packets = [];
    private nint _last;

    /// <summary>A packet in a port is never taken back, which the documentation allows.</summary>
    internal bool LeavesPackets { get; init; }

    internal int Associations { get; private set; }

    internal int Count
    {
        get
        {
            lock (_gate)
                return _packets.Count;
        }
    }

    public int Create(out nint packet)
    {
        lock (_gate)
            _packets.Add(packet = ++_last, new Packet());
        return Native.StatusSuccess;
    }

    public int Associate(nint packet, nint port, nint target, nuint key, nint context)
    {
        lock (_gate)
        {
            Packet p = _packets[packet];
            if (p.Target is not null && !(p.IsPosted && !IsInPort(p, takes: false)))
                return InvalidParameter;
            End(p);
            Assert.That(DuplicateHandle(-1, target, -1, out nint copy, 0, 0, SameAccess), Is.Not.Zero);
            p.Target = new ManualResetEvent(false) { SafeWaitHandle = new SafeWaitHandle(copy, ownsHandle: true) };
            (p.Port, p.Key, p.Context) = (port, key, context);
            Associations++;
            if (p.Target.WaitOne(0))
                Post(p);
            else
                p.Wait = ThreadPool.RegisterWaitForSingleObject(p.Target, (_, _) => Signaled(p, context), null, Timeout.Infinite, executeOnlyOnce: true);
            return Native.StatusSuccess;
        }
    }

    public int Cancel(nint packet)
    {
        lock (_gate)
        {
            Packet p = _packets[packet];
            if (p.Target is null)
                return Native.StatusCancelled;
            bool taken = p.IsPosted && !IsInPort(p, takes: !LeavesPackets);
            if (p.IsPosted && !taken && LeavesPackets)
                return Native.StatusPending;
            End(p);
            return taken ? Native.StatusCancelled : Native.StatusSuccess;
        }
    }

    public void Close(nint packet)
    {
        lock (_gate)
        {
            if (_packets.Remove(packet, out Packet? p))
                End(p);
        }
    }

    private void Signaled(Packet p, nint context)
    {
        lock (_gate)
        {
            if (p.Target is not null && p.Context == context && !p.IsPosted)
                Post(p);
        }
    }

    private static void Post(Packet p)
    {
        p.IsPosted = true;
        Native.PostQueuedCompletionStatus(p.Port, 0, p.Key, p.Context);
    }

    private static void End(Packet p)
    {
        p.Wait?.Unregister(null);
        p.Target?.Dispose();
        (p.Wait, p.Target, p.IsPosted) = (null, null, false);
    }

    private static bool IsInPort(Packet p, bool takes)
    {
        List<Native.Packet> all = [];
        Span<byte> scratch = stackalloc byte[64 * SizeOfPacket];
        while (Sys.TakePackets(p.Port, scratch, 0) is > 0 and int count)
            all.AddRange(MemoryMarshal.Cast<byte, Native.Packet>(scratch)[..count]);
        int at = all.FindIndex(x => x.Key == p.Key && x.Context == p.Context);
        if (takes && at >= 0)
            all.RemoveAt(at);
        foreach (Native.Packet packet in all)
            Native.PostQueuedCompletionStatus(p.Port, packet.Bytes, packet.Key, packet.Context);
        return at >= 0;
    }

    [LibraryImport("kernel32")]
    private static partial int DuplicateHandle(nint from, nint handle, nint to, out nint copy, uint access, int inherits, uint options);

    private sealed class Packet
    {
        internal WaitHandle? Target;
        internal RegisteredWaitHandle? Wait;
        internal nint Port;
        internal nuint Key;
        internal nint Context;
        internal bool IsPosted;
    }
}
