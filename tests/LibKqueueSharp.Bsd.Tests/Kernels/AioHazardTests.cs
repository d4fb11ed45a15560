using System.Buffers;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kernels.Tests;

/// <summary>What may go wrong around asynchronous operations: limits, refusals, and strangers in the same queue.</summary>
[NonParallelizable]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class AioHazardTests : AioFixture
{
    /// <summary>poll(2) refuses more entries than RLIMIT_NOFILE, and waits for a pipe are not bound by it.</summary>
    [Test]
    public void ManyReadsOfOnePipeAreOneEntryOfPoll([Values("netbsd", "macos")] string name)
    {
        const int Count = 200;
        EmulatedKernel.MostPolled = 4;
        using Kqueue queue = Open(KqueueAbi.Find(name)!);
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        AioControl read = new() { Operation = AioOperation.Read, File = reader.SafePipeHandle, IsSilent = true };
        using AioList list = AioList.Submit(queue, [.. Enumerable.Range(0, Count).Select(_ => read with { Buffer = new byte[1] })]);
        writer.Write(new byte[Count]);
        Assert.That(WaitOne(queue).Ident, Is.EqualTo(list.Ident));
        Assert.That(list.Requests.Select(r => r!.Return()), Is.All.EqualTo(1));
    }

    /// <summary>A descriptor that is ready for one of them only: a try of the other would wait, and all with it.</summary>
    [Test]
    public void ReadAndWriteOfOneDescriptorAreApart([Values("netbsd", "macos")] string name)
    {
        using Kqueue queue = Open(KqueueAbi.Find(name)!);
        using AnonymousPipeServerStream pipe = new(PipeDirection.In);
        using SafeFileHandle both = File.OpenHandle($"/proc/self/fd/{pipe.SafePipeHandle.DangerousGetHandle()}", access: FileAccess.ReadWrite);
        using AioRequest read = AioRequest.Read(queue, both, new byte[4], 0, flags: EventFlags.OneShot);
        Thread.Sleep(20);
        using AioRequest write = AioRequest.Write(queue, both, new byte[3], 0, flags: EventFlags.OneShot);
        KEvent[] events = new KEvent[2];
        for (int count = 0, taken = 1; count < 2 && taken > 0; count += taken)
            taken = queue.Wait(events.AsSpan(count), Patience);
        Assert.That(events.Select(e => e.Ident), Is.EqualTo(new[] { write.Ident, read.Ident }));
        Assert.That((write.Return(), read.Return()), Is.EqualTo((3L, 3L)));
    }

    /// <summary>No thread asks again and again, and nobody waits for what will not be told.</summary>
    [Test]
    public void PollThatFailsEndsWhatWaitsForIt([Values("netbsd", "macos")] string name)
    {
        EmulatedKernel.MostPolled = 1;
        using Kqueue queue = Open(KqueueAbi.Find(name)!);
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        using AioRequest read = AioRequest.Read(queue, reader.SafePipeHandle, new byte[4], 0);
        Assert.That(WaitOne(queue).Data, Is.EqualTo((long)Errno.EINVAL));
        EmulatedKernel.MostPolled = int.MaxValue;
        using AioRequest next = AioRequest.Read(queue, reader.SafePipeHandle, new byte[4], 0, udata: 2);
        read.Dispose();
        writer.WriteByte(1);
        Assert.That(WaitOne(queue).UData, Is.EqualTo((nint)2));
    }

    /// <summary>More than poll(2) of any system takes.</summary>
    [Test]
    public void MoreStreamsThanPollTakesAreRefused()
    {
        using Kqueue queue = Open(KqueueAbi.MacOs);
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        AioControl read = new() { Operation = AioOperation.Read, File = reader.SafePipeHandle, Buffer = new byte[1], IsSilent = true };
        using AioList list = AioList.Submit(queue, [.. Enumerable.Repeat(read, AioWorker.MostStreams + 1)]);
        Assert.That(list.Errors.Index().Where(e => e.Item != Errno.None), Is.EqualTo(new[] { (AioWorker.MostStreams, Errno.EAGAIN) }));
        using SafeFileHandle file = File.OpenHandle(FilePath);
        using AioRequest other = AioRequest.Read(queue, file, new byte[1], 0);
        Assert.That(WaitOne(queue).Ident, Is.EqualTo(other.Ident), "a file is none of them");
    }

    /// <summary>Devices on macOS: a read that poll(2) cannot announce would keep all others waiting.</summary>
    [Test]
    public void WhatCannotBePolledForIsRefused([Values("macos", "netbsd")] string name)
    {
        using Kqueue queue = Open(KqueueAbi.Find(name)!);
        using SafeFileHandle terminal = OpenTerminal();
        EmulatedKernel.NeverPolled = (int)terminal.DangerousGetHandle();
        Assert.That(
            () => AioRequest.Read(queue, terminal, new byte[4], 0),
            Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.ENOTSUP));
    }

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

    /// <summary>
    /// A deviation: of an operation whose registration is gone and whose result was not taken, the user event behind it cannot be added either, but
    /// the error is not the kernel's own of AIO-006.
    /// </summary>
    [Test]
    public void AddAfterDeleteIsRefused([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using Kqueue queue = Open(abi);
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        using AioRequest read = AioRequest.Read(queue, reader.SafePipeHandle, new byte[4], 0);
        queue.Apply(new KEvent(read.Ident, EventFilter.Aio, EventFlags.Delete));
        Assert.That(
            () => queue.Apply(new KEvent(read.Ident, EventFilter.Aio, EventFlags.Add)),
            Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(abi.HasKernelAio ? abi.Dialect.AioAdd : Errno.ENOENT));
    }

    private static SafeFileHandle OpenTerminal() => File.OpenHandle("/dev/ptmx", access: FileAccess.ReadWrite);

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
