using System.Buffers;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Linux.Tests.Aio;

/// <summary>A buffer that knows whether it is pinned, and can refuse to be, or to be given back.</summary>
internal sealed unsafe class CountedBuffer(int length) : MemoryManager<byte>
{
    private readonly byte* _at = (byte*)NativeMemory.AllocZeroed((nuint)length);
    private int _pins;

    internal bool Refuses { get; init; }

    internal bool RefusesBack { get; init; }

    internal int Pins => Volatile.Read(ref _pins);

    public override Span<byte> GetSpan() => new(_at, length);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        if (Refuses)
            throw new NotSupportedException();
        Interlocked.Increment(ref _pins);
        return new MemoryHandle(_at + elementIndex, pinnable: this);
    }

    public override void Unpin()
    {
        Interlocked.Decrement(ref _pins);
        if (RefusesBack)
            throw new NotSupportedException();
    }

    protected override void Dispose(bool disposing)
    {
        Assert.That(Pins, Is.Zero, "freed while pinned");
        NativeMemory.Free(_at);
    }
}
