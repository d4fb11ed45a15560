using System.Buffers;
using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
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

    /// <summary>It is not held in place of its duplicate: closing it would wait for the end of the operation.</summary>
    [Test]
    public void SocketThatCannotBeDuplicatedIsRefused([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using Kqueue queue = Open(abi);
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        EmulatedKernel.IsFull = true;
        Assert.That(
            () => AioRequest.Read(queue, socket.SafeHandle, new byte[4], 0),
            Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.EMFILE));
        Assert.That(Task.Run(socket.Dispose).Wait(Patience), "something holds it");
    }

    /// <summary>A process that is started between dup(2) and FD_CLOEXEC would keep the connection open.</summary>
    [Test]
    public void DuplicateIsCloseOnExecFromTheStart([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using Kqueue queue = Open(abi);
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using AioRequest read = AioRequest.Read(queue, socket.SafeHandle, new byte[4], 0);
        Assert.That(EmulatedKernel.HasDuplicatedOpenly, Is.False);
        Assert.That(read.Error, Is.EqualTo(Errno.EINPROGRESS));
    }

    /// <summary>Parts of a datagram are other datagrams.</summary>
    [Test]
    public void DatagramIsWrittenWhole([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using Kqueue queue = Open(abi);
        using Socket receiver = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        receiver.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        using Socket sender = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Connect(receiver.LocalEndPoint!);
        using AioRequest write = AioRequest.Write(queue, sender.SafeHandle, new byte[1000], 0);
        Assert.That(WaitOne(queue).Data, Is.Zero);
        Assert.That((write.Return(), receiver.Receive(new byte[2000])), Is.EqualTo((1000L, 1000)));
    }

    /// <summary>Between poll(2) and the read another reader took what was there; the thread does not wait for more.</summary>
    [Test]
    public void ReadThatComesTooLateKeepsNothingWaiting([Values("netbsd", "openbsd", "macos", "libkqueue")] string name)
    {
        using Kqueue queue = Open(KqueueAbi.Find(name)!);
        using Socket receiver = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using SafeFileHandle file = File.OpenHandle(FilePath);
        EmulatedKernel.LiesOnce = true;
        using AioRequest late = AioRequest.Read(queue, receiver.SafeHandle, new byte[4], 0, flags: EventFlags.OneShot);
        Assert.That(SpinWait.SpinUntil(() => !EmulatedKernel.LiesOnce, Patience), "nobody has asked");
        using AioRequest read = AioRequest.Read(queue, file, new byte[4], 0, flags: EventFlags.OneShot);
        KEvent[] events = new KEvent[1];
        int count = queue.Wait(events, TimeSpan.FromSeconds(10));
        receiver.SendTo(new byte[4], receiver.LocalEndPoint!);
        Assert.That((count, events[0].Ident), Is.EqualTo((1, read.Ident)), $"{events[0]}");
        Assert.That(WaitOne(queue).Ident, Is.EqualTo(late.Ident));
    }

    /// <summary>Whoever is given a buffer back may call anything, and wait for others who do.</summary>
    [Test]
    public void OwnerMayWaitForWhoeverUsesTheQueue([Values("freebsd", "freebsd11")] string name)
    {
        EmulatedAio.CancelsNothing = true;
        using Kqueue queue = Open(KqueueAbi.Find(name)!);
        using SafeFileHandle file = File.OpenHandle(FilePath);
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        AioRequest? orphan = null;
        bool ended = false;
        PickyOwner owner = new()
        {
            GivenBack = () => ended = Task.Run(() =>
            {
                AioRequest.Read(queue, file, new byte[1], 0).Dispose();
                return orphan!.Error;
            }).Wait(TimeSpan.FromSeconds(5)),
        };
        orphan = AioRequest.Read(queue, reader.SafePipeHandle, owner.Memory, 0);
        orphan.Dispose();
        writer.WriteByte(1);
        Assert.That(
            SpinWait.SpinUntil(
                () =>
                {
                    KernelOperations.LookAfterOrphans();
                    return owner.Pins == 0;
                },
                Patience));
        Assert.That(ended, "a lock is held meanwhile");
    }

    /// <summary>A program's own aio_read(2) with SIGEV_KEVENT: its event is its own, whatever its udata is.</summary>
    [Test]
    public unsafe void OperationOfTheProgramsOwnIsItsOwn([Values("freebsd", "freebsd11")] string name)
    {
        using Kqueue queue = Open(KqueueAbi.Find(name)!);
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        using AioRequest ours = AioRequest.Read(queue, reader.SafePipeHandle, new byte[4], 0, udata: 5);
        byte* block = (byte*)NativeMemory.AllocZeroed(160 + 4);
        *(int*)block = (int)reader.SafePipeHandle.DangerousGetHandle();
        *(byte**)(block + 16) = block + 160;
        *(long*)(block + 24) = 4;
        *(int*)(block + 80) = 3;
        *(int*)(block + 84) = (int)queue.Descriptor.DangerousGetHandle();
        *(nint*)(block + 88) = (nint)ours.Ident;
        Assert.That(((delegate* unmanaged<byte*, int>)EmulatedAio.Find("aio_read"))(block), Is.Zero);
        Assert.That(((delegate* unmanaged<int, byte*, int>)EmulatedAio.Find("aio_cancel"))(*(int*)block, block), Is.EqualTo(1));
        KEvent theirs = new((nuint)block, EventFilter.Aio, EventFlags.Eof, data: (long)Errno.ECANCELED, udata: (nint)ours.Ident);
        Assert.That(WaitOne(queue), Is.EqualTo(theirs));

        // Its changes and their records are its own as well.
        KEvent delete = theirs with { Flags = EventFlags.Delete };
        KEvent[] record = new KEvent[1];
        queue.Apply(delete);
        Assert.That(queue.Control([delete], record, TimeSpan.Zero), Is.EqualTo(1));
        Assert.That((record[0].Ident, record[0].UData, record[0].Error), Is.EqualTo(((nuint)block, (nint)ours.Ident, Errno.ENOENT)), $"{record[0]}");
        ((delegate* unmanaged<byte*, nint>)EmulatedAio.Find("aio_return"))(block);
        NativeMemory.Free(block);

        Assert.That(ours.Cancel(), Is.EqualTo(AioCancelResult.Canceled));
        Assert.That(WaitOne(queue), Is.EqualTo(new KEvent(ours.Ident, EventFilter.Aio, EventFlags.Eof, data: (long)Errno.ECANCELED, udata: 5)));
    }

    /// <summary>A member that was accepted and has failed already is there to be asked, though another was refused.</summary>
    [Test]
    public void FailedMemberIsNotARefusedOne([Values("freebsd", "freebsd11")] string name)
    {
        EmulatedAio.WaitsForMembers = true;
        using Kqueue queue = Open(KqueueAbi.Find(name)!);
        using SafeFileHandle full = File.OpenHandle("/dev/full", access: FileAccess.Write);
        using SafeFileHandle readOnly = File.OpenHandle(FilePath);
        AioControl fails = new() { Operation = AioOperation.Write, File = full, Buffer = new byte[4], IsSilent = true };
        using AioList list = AioList.Submit(queue, [fails, fails with { File = readOnly }]);
        Assert.That(list.Errors, Is.EqualTo(new[] { Errno.None, Errno.EBADF }));
        Assert.That(WaitOne(queue).Ident, Is.EqualTo(list.Ident));
        Assert.That(list.Requests[0]!.Error, Is.EqualTo(Errno.ENOSPC));
        Assert.That(list.Requests[0]!.Return, Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.ENOSPC));
        Assert.That(queue.Wait(new KEvent[1], TimeSpan.Zero), Is.Zero, "after the result was taken");
    }

    /// <summary>The kernel tells of the list of an operation that nobody waits for: its result is taken then, and the buffer is let go of.</summary>
    [Test]
    public void EventOfAnOrphansListEndsIt([Values("freebsd", "freebsd11")] string name)
    {
        EmulatedAio.CancelsNothing = true;
        using Kqueue queue = Open(KqueueAbi.Find(name)!);
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        PickyOwner owner = new();
        AioControl read = new() { Operation = AioOperation.Read, File = reader.SafePipeHandle, Buffer = owner.Memory, IsSilent = true };
        AioList.Submit(queue, [read]).Dispose();
        Assert.That((EmulatedAio.Kept, owner.Pins), Is.EqualTo((1, 1)), "it goes on");
        writer.WriteByte(1);
        int count = -1;
        Assert.That(
            SpinWait.SpinUntil(() => (count = queue.Wait(new KEvent[1], TimeSpan.FromMilliseconds(20))) != 0 || EmulatedAio.Kept == 0, Patience),
            "nobody has looked");
        Assert.That((count, owner.Pins), Is.EqualTo((0, 0)));
    }

    /// <summary>The list's ident in the kernel is an address, which is nobody else's while the kernel has the list.</summary>
    [Test]
    public void ListOfAnOrphanKeepsItsAddress([Values("freebsd", "freebsd11")] string name)
    {
        const int Count = 200;
        EmulatedAio.CancelsNothing = true;
        using Kqueue queue = Open(KqueueAbi.Find(name)!);
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        AioControl read = new() { Operation = AioOperation.Read, File = reader.SafePipeHandle, Buffer = new byte[1], IsSilent = true };
        for (int i = 0; i < Count; i++)
            AioList.Submit(queue, [read]).Dispose();
        writer.Write(new byte[Count]);
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

        internal Action? GivenBack { get; init; }

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
            GivenBack?.Invoke();
            if (RefusesBack)
                throw new InvalidOperationException("not back");
        }

        protected override void Dispose(bool disposing) => NativeMemory.Free(_at);
    }
}
