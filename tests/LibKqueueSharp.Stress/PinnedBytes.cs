using System.Buffers;

namespace LibKqueueSharp.Stress;

/// <summary>A buffer that counts who holds it where it is.</summary>
internal sealed unsafe class PinnedBytes : MemoryManager<byte>
{
    // Never moved by the collector, so a pin needs no handle.
    private readonly byte[] _bytes = GC.AllocateArray<byte>(1, pinned: true);

    // Interlocked.
    private int _pins;
    private int _unpins;

    internal int Pins => Volatile.Read(ref _pins);

    internal int Unpins => Volatile.Read(ref _unpins);

    public override Span<byte> GetSpan() => _bytes;

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        Interlocked.Increment(ref _pins);
        fixed (byte* at = _bytes)
            return new MemoryHandle(at + elementIndex, pinnable: this);
    }

    public override void Unpin()
    {
        Interlocked.Increment(ref _unpins);
        Interlocked.Decrement(ref _pins);
    }

    protected override void Dispose(bool disposing)
    {
    }
}
