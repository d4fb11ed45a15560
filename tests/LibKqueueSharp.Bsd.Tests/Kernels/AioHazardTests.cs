using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kernels.Tests;

/// <summary>What may go wrong around asynchronous operations: limits, refusals, and strangers in the same queue.</summary>
[NonParallelizable]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class AioHazardTests : AioFixture
{
    /// <summary>Nobody on the thread that ends an operation could use the exception of an owner who does not take the buffer back.</summary>
    [Test]
    public void OwnerWhoRefusesTheBufferBackKeepsNothing([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using Kqueue queue = Open(abi);
        SafeFileHandle file = File.OpenHandle(FilePath, access: FileAccess.Write);
        PickyOwner owner = new() { RefusesBack = true };
        using (AioRequest write = AioRequest.Write(queue, file, owner.Memory, 0))
        {
            Assert.That(WaitOne(queue).Ident, Is.EqualTo(write.Ident));
            Assert.That((write.Error, write.Return()), Is.EqualTo((Errno.None, 1L)));
        }

        // FileShare.None: a file that is still held open cannot be opened by another.
        file.Dispose();
        Assert.That(() => new FileStream(FilePath, FileMode.Open, FileAccess.Write, FileShare.None).Dispose(), Throws.Nothing);
    }

    /// <summary>Memory whose owner counts, and may not take it back.</summary>
    private sealed unsafe class PickyOwner : MemoryManager<byte>
    {
        private readonly byte* _at = (byte*)NativeMemory.Alloc(1);
        private int _pins;

        internal bool RefusesBack { get; init; }

        internal int Pins => Volatile.Read(ref _pins);

        public override Span<byte> GetSpan() => new(_at, 1);

        public override MemoryHandle Pin(int elementIndex = 0)
        {
            Interlocked.Increment(ref _pins);
            return new(_at + elementIndex, pinnable: this);
        }

        public override void Unpin()
        {
            Interlocked.Decrement(ref _pins);
            if (RefusesBack)
                throw new InvalidOperationException("not back");
        }

        protected override void Dispose(bool disposing) => NativeMemory.Free(_at);
    }
}
