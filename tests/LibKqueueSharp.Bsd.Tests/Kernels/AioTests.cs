using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kernels.Tests;

/// <summary>Asynchronous operations by the public API, in each ABI: by the kernel on FreeBSD, by a thread elsewhere.</summary>
[NonParallelizable]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class AioTests : AioFixture
{
    [Test]
    public void MechanismIsTold([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        KqueueCapabilities capabilities = EmulatedKernel.Backend(abi).Capabilities;
        FilterCapability aio = capabilities.Filters.Single(f => f.Filter == EventFilter.Aio);
        Assert.That(aio.Supported);
        Assert.That(aio.Remark, abi.HasKernelAio ? Does.Contain("SIGEV_KEVENT") : Does.Contain("a thread"));
        Assert.That(capabilities.Supports(EventFilter.Lio));
    }

    [Test]
    public void WriteSyncAndRead([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using Kqueue queue = Open(abi);
        using SafeFileHandle file = File.OpenHandle(FilePath, access: FileAccess.ReadWrite);
        using (AioRequest write = AioRequest.Write(queue, file, "hello"u8.ToArray(), 3, udata: 1))
        {
            Assert.That(WaitOne(queue), Is.EqualTo(new KEvent(write.Ident, EventFilter.Aio, EventFlags.Eof | UsualFlags(abi), udata: 1)));
            Assert.That(write.Error, Is.EqualTo(Errno.None));
            Assert.That(write.Return(), Is.EqualTo(5));
        }

        using (AioRequest sync = AioRequest.Sync(queue, file, dataOnly: true, flags: EventFlags.OneShot))
            Assert.That(WaitOne(queue).Ident, Is.EqualTo(sync.Ident));
        byte[] buffer = new byte[10];
        using AioRequest read = AioRequest.Read(queue, file, buffer, 0);
        Assert.That(WaitOne(queue).Ident, Is.EqualTo(read.Ident));
        Assert.That(read.Return(), Is.EqualTo(8));
        Assert.That(buffer, Is.EqualTo("\0\0\0hello\0\0"u8.ToArray()));
    }

    /// <summary>AIO-005: until the result was taken, and as the flags say.</summary>
    [Test]
    public void EventComesAsItsFlagsSay(
        [ValueSource(nameof(Emulated))] KqueueAbi abi,
        [Values(EventFlags.None, EventFlags.Clear, EventFlags.OneShot, EventFlags.Dispatch)] EventFlags flags)
    {
        using Kqueue queue = Open(abi);
        using SafeFileHandle file = File.OpenHandle(FilePath);
        using AioRequest read = AioRequest.Read(queue, file, new byte[4], 0, udata: 3, flags: flags);
        flags |= UsualFlags(abi);
        for (int round = 0; round < (flags == EventFlags.None ? 3 : 1); round++)
            Assert.That(WaitOne(queue), Is.EqualTo(new KEvent(read.Ident, EventFilter.Aio, EventFlags.Eof | flags, udata: 3)));
        if (flags == EventFlags.Dispatch)
        {
            Assert.That(queue.Wait(new KEvent[1], TimeSpan.Zero), Is.Zero, "disabled");
            queue.Apply(new KEvent(read.Ident, EventFilter.Aio, EventFlags.Enable, udata: 9));
            KEvent e = WaitOne(queue);
            Assert.That((e.Ident, e.UData), Is.EqualTo((read.Ident, (nint)9)), $"{e}");
        }

        Assert.That(read.Return(), Is.Zero);
        Assert.That(queue.Wait(new KEvent[1], TimeSpan.Zero), Is.Zero, "after the result was taken");
    }

    /// <summary>AIO-004, AIO-008: a change of what is gone is ENOENT, also where the kernel has no such filter.</summary>
    [Test]
    public void DeletedEventIsGoneAndTheOperationGoesOn([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using Kqueue queue = Open(abi);
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        using AioRequest read = AioRequest.Read(queue, reader.SafePipeHandle, new byte[4], 0);
        KEvent delete = new(read.Ident, EventFilter.Aio, EventFlags.Delete);
        queue.Apply(delete);
        Assert.That(() => queue.Apply(delete), Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.ENOENT));
        KEvent[] record = new KEvent[1];
        Assert.That(queue.Control([delete], record, TimeSpan.Zero), Is.EqualTo(1));
        Assert.That((record[0].Ident, record[0].Filter, record[0].Error), Is.EqualTo((read.Ident, EventFilter.Aio, Errno.ENOENT)), $"{record[0]}");
        Assert.That(read.Error, Is.EqualTo(Errno.EINPROGRESS));
        writer.Write(new byte[3]);
        Assert.That(SpinWait.SpinUntil(() => read.Error == Errno.None, Patience));
        Assert.That(queue.Wait(new KEvent[1], TimeSpan.Zero), Is.Zero);
        Assert.That(read.Return(), Is.EqualTo(3));
    }

    /// <summary>CORE-FORCE-001: there, or refused; the operation goes on.</summary>
    [Test]
    public void EventIsForcedOrRefused([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using Kqueue queue = Open(abi);
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        using AioRequest read = AioRequest.Read(queue, reader.SafePipeHandle, new byte[4], 0, udata: 3);
        KEvent force = new(read.Ident, EventFilter.Aio, EventFlags.ForceOneShot, udata: 3);
        if (abi.Dialect == Dialect.FreeBsd)
        {
            queue.Apply(force);
            Assert.That(WaitOne(queue), Is.EqualTo(new KEvent(read.Ident, EventFilter.Aio, EventFlags.OneShot, udata: 3)));
            Assert.That(queue.Wait(new KEvent[1], TimeSpan.Zero), Is.Zero, "it was the last");
        }
        else
        {
            Assert.That(() => queue.Apply(force), Throws.TypeOf<KqueueException>().With.Message.EndsWith($"{abi.Name} has no such flag or note"));
        }

        Assert.That(read.Error, Is.EqualTo(Errno.EINPROGRESS));
    }

    /// <summary>AIO-006: by its ident or by any other.</summary>
    [Test]
    public void NobodyElseAddsAnOperation([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using Kqueue queue = Open(abi);
        using SafeFileHandle file = File.OpenHandle(FilePath);
        using (AioRequest read = AioRequest.Read(queue, file, new byte[4], 0))
        {
            WaitOne(queue);
            read.Return();
        }

        foreach (EventFilter filter in new[] { EventFilter.Aio, EventFilter.Lio })
            Assert.That(() => queue.Apply(new KEvent(64, filter, EventFlags.Add)), Throws.TypeOf<KqueueException>(), $"{filter}");
        KEvent reserved = new(unchecked((nuint)AioOperations.FirstAio) + 64, EventFilter.User, EventFlags.Add);
        if (abi.HasKernelAio)
            Assert.That(() => queue.Apply(reserved), Throws.Nothing, "no operation has it");
        else
            Assert.That(() => queue.Apply(reserved), Throws.TypeOf<KqueueException>().With.Message.EndsWith("the ident is the queue's own"));
    }

    [Test]
    public void WaitingReadIsCancelled([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using Kqueue queue = Open(abi);
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        using AioRequest read = AioRequest.Read(queue, reader.SafePipeHandle, new byte[4], 0);
        Assert.That(read.Return, Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.EINVAL), "too early");
        Assert.That(read.Cancel(), Is.EqualTo(AioCancelResult.Canceled));
        Assert.That(WaitOne(queue).Data, Is.EqualTo((long)Errno.ECANCELED));
        Assert.That(read.Cancel(), Is.EqualTo(AioCancelResult.AllDone));
        Assert.That(read.Return, Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.ECANCELED));
        writer.WriteByte(1);
        Assert.That(reader.ReadByte(), Is.EqualTo(1), "nobody took it");
    }

    [Test]
    public void RefusedSubmissionThrows([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        Kqueue queue = Open(abi);
        using SafeFileHandle file = File.OpenHandle(FilePath);
        Assert.That(() => AioRequest.Write(queue, file, new byte[1], 0), Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.EBADF));
        Assert.That(() => AioRequest.Read(queue, file, new byte[1], -1), Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.EINVAL));
        Assert.That(() => AioRequest.Read(queue, file, new byte[1], 0, flags: EventFlags.Receipt), Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.EINVAL));
        Assert.That(() => AioList.Submit(queue, []), Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.EINVAL));
        queue.Dispose();
        Assert.That(() => AioRequest.Read(queue, file, new byte[1], 0), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void ListGivesOneEventUntilAllIsTaken([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using Kqueue queue = Open(abi);
        using SafeFileHandle file = File.OpenHandle(FilePath, access: FileAccess.ReadWrite);
        AioControl[] controls =
        [
            .. Enumerable.Range(0, 10).Select(i => new AioControl
            {
                Operation = AioOperation.Write, File = file, Buffer = new byte[] { (byte)i }, Offset = i, IsSilent = true,
            }),
            new() { Operation = AioOperation.Read, File = file, Buffer = new byte[1], Offset = -1, IsSilent = true },
        ];
        using (AioList list = AioList.Submit(queue, controls, udata: 4))
        {
            for (int i = 0; i < 2; i++)
                Assert.That(WaitOne(queue), Is.EqualTo(new KEvent(list.Ident, EventFilter.Lio, EventFlags.None, udata: 4)));
            Assert.That((list.Requests[10], list.Errors[10]), Is.EqualTo(((AioRequest?)null, Errno.EINVAL)));
            foreach (AioRequest? request in list.Requests.Take(10))
                Assert.That(request!.Return(), Is.EqualTo(1));
            Assert.That(queue.Wait(new KEvent[1], TimeSpan.Zero), Is.Zero);
        }

        Assert.That(File.ReadAllBytes(FilePath), Is.EqualTo(Enumerable.Range(0, 10).Select(i => (byte)i)));
    }

    /// <summary>A list of lio_listio(2) has no syncs: EINVAL for the member on FreeBSD, while a thread does it elsewhere.</summary>
    [Test]
    public void SyncInAList([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using Kqueue queue = Open(abi);
        using SafeFileHandle file = File.OpenHandle(FilePath, access: FileAccess.ReadWrite);
        AioControl write = new() { Operation = AioOperation.Write, File = file, Buffer = new byte[4], IsSilent = true };
        using AioList list = AioList.Submit(queue, [write, new() { Operation = AioOperation.Sync, File = file, IsSilent = true }]);
        Assert.That(list.Errors, Is.EqualTo(new[] { Errno.None, abi.HasKernelAio ? Errno.EINVAL : Errno.None }));
        Assert.That(WaitOne(queue).Ident, Is.EqualTo(list.Ident));
    }

    [Test]
    public void DisposedRequestsLeaveNothing([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using Kqueue queue = Open(abi);
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        using SafeFileHandle file = File.OpenHandle(FilePath);
        for (int i = 0; i < 100; i++)
        {
            AioRequest.Read(queue, reader.SafePipeHandle, new byte[4], 0).Dispose();
            AioRequest.Read(queue, file, new byte[4], 0).Dispose();
        }

        writer.WriteByte(1);
        Assert.That(queue.Wait(new KEvent[1], TimeSpan.Zero), Is.Zero);
        Assert.That(reader.ReadByte(), Is.EqualTo(1), "nobody took it");
        AioRequest last = AioRequest.Read(queue, file, new byte[4], 0);
        Assert.That(WaitOne(queue).Ident, Is.EqualTo(last.Ident));
        last.Dispose();
    }

    /// <summary>A queue that goes leaves its operations running, and their results to those who have them.</summary>
    [Test]
    public void OperationsOutliveTheirQueue([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        byte[] buffer = new byte[4];
        AioRequest read;
        using (Kqueue queue = Open(abi))
        {
            read = AioRequest.Read(queue, reader.SafePipeHandle, buffer, 0);
            Assert.That(queue.Wait(new KEvent[1], TimeSpan.Zero), Is.Zero);
        }

        Assert.That(read.Error, Is.EqualTo(Errno.EINPROGRESS));
        writer.Write([7, 8]);
        Assert.That(SpinWait.SpinUntil(() => read.Error == Errno.None, Patience));
        Assert.That((read.Return(), buffer[0], buffer[1]), Is.EqualTo((2L, (byte)7, (byte)8)));
        Assert.That(read.Return, Throws.TypeOf<KqueueException>());
    }

    /// <summary>Many at once, taken by some threads: each ends once, whatever the kernel's idents are used for again.</summary>
    [Test]
    public void EachOfManyEndsOnce([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        const int Count = 400;
        using Kqueue queue = Open(abi);
        using SafeFileHandle file = File.OpenHandle(FilePath, access: FileAccess.ReadWrite);
        System.Collections.Concurrent.ConcurrentDictionary<nuint, AioRequest> requests = new();
        int ended = 0;
        Thread[] threads = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            KEvent[] events = new KEvent[4];
            while (Volatile.Read(ref ended) < Count)
            {
                int taken = queue.Wait(events, TimeSpan.FromMilliseconds(20));
                foreach (KEvent e in events[..taken])
                {
                    AioRequest? request = null;
                    SpinWait.SpinUntil(() => requests.TryRemove(e.Ident, out request), Patience);
                    if (request!.Return() == 1)
                        Interlocked.Increment(ref ended);
                }
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        for (int i = 0; i < Count; i++)
        {
            AioRequest request = AioRequest.Write(queue, file, new byte[1], i, flags: EventFlags.OneShot);
            requests[request.Ident] = request;
        }

        foreach (Thread thread in threads)
            Assert.That(thread.Join(Patience), $"{ended} of {Count} ended");
        Assert.That(ended, Is.EqualTo(Count));
    }

    /// <summary>Whatever was submitted when the queue went ends, and its result is its owner's.</summary>
    [Test]
    public void SubmissionsRaceWithDispose([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using SafeFileHandle file = File.OpenHandle(FilePath, access: FileAccess.ReadWrite);
        for (int round = 0; round < 20; round++)
        {
            Kqueue queue = Open(abi);
            System.Collections.Concurrent.ConcurrentBag<AioRequest> requests = [];
            Thread[] threads = [.. Enumerable.Range(0, 2).Select(i => new Thread(() =>
            {
                try
                {
                    while (requests.Count < 500)
                    {
                        AioRequest request = AioRequest.Write(queue, file, new byte[1], i);
                        requests.Add(request);
                        if (requests.Count % 3 == 0)
                            request.Dispose();
                    }
                }
                catch (ObjectDisposedException)
                {
                }
            }))];
            foreach (Thread thread in threads)
                thread.Start();
            SpinWait.SpinUntil(() => requests.Count >= 3 * round, Patience);
            queue.Dispose();
            foreach (Thread thread in threads)
                Assert.That(thread.Join(Patience), "a submission hangs");
            foreach (AioRequest request in requests)
            {
                Assert.That(SpinWait.SpinUntil(() => request.Error != Errno.EINPROGRESS, Patience), "an operation does not end");
                Assert.That(request.Error, Is.EqualTo(Errno.None).Or.EqualTo(Errno.EINVAL));
                request.Dispose();
            }
        }
    }

    [Test]
    public void SecondReadOfAPipeKeepsNothingElseWaiting([Values("netbsd", "macos")] string name)
    {
        using Kqueue queue = Open(KqueueAbi.Find(name)!);
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        using SafeFileHandle file = File.OpenHandle(FilePath);
        AioRequest a = AioRequest.Read(queue, reader.SafePipeHandle, new byte[8], 0, flags: EventFlags.OneShot);
        AioRequest b = AioRequest.Read(queue, reader.SafePipeHandle, new byte[8], 0, flags: EventFlags.OneShot);
        Thread.Sleep(100);
        writer.Write(new byte[3]);
        KEvent[] events = new KEvent[4];
        Assert.That(queue.Wait(events, TimeSpan.FromSeconds(5)), Is.EqualTo(1));
        AioRequest other = AioRequest.Read(queue, file, new byte[4], 0, flags: EventFlags.OneShot);
        int count = queue.Wait(events, TimeSpan.FromSeconds(5));
        Task<AioCancelResult> cancel = Task.Run(() => (a.Error == Errno.EINPROGRESS ? a : b).Cancel());
        bool cancelled = cancel.Wait(3000);
        writer.Write(new byte[3]);
        Assert.That((count, cancelled, other.Ident), Is.EqualTo((1, true, events[0].Ident)));
        other.Dispose();
        a.Dispose();
        b.Dispose();
    }
}
