using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LibKqueueSharp.Linux.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Linux.Tests.Aio;

/// <summary>Cancelling, letting go, closing queues and files, and threads that end while operations are under way.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class AioLifetimeTests(bool usesIoUring) : AioFixture(usesIoUring)
{
    private const int Rounds = 50;

    [Test]
    public void WaitingReadIsCancelled()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        BackendAio aio = Submit(q, Read(pipe.A, new byte[8], udata: 3));
        Assert.That(aio.Cancel(), Is.EqualTo(AioCancelResult.Canceled));
        Assert.That(aio.Error, Is.EqualTo(Errno.ECANCELED));
        Assert.That(aio.Cancel(), Is.EqualTo(AioCancelResult.AllDone));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio, Errno.ECANCELED, udata: 3)), "AIO-009");
        ExpectResult(aio, -1, Errno.ECANCELED);
        pipe.B.Write(8);
        Assert.That(pipe.A.Readable(), Is.EqualTo(8), "nothing was read");
    }

    [Test]
    public void FinishedOperationIsNotCancelled()
    {
        TestQueue q = NewQueue();
        BackendAio aio = Submit(q, Read(NumberedFile(10), new byte[10]));
        AwaitEnd(aio);
        Assert.That(aio.Cancel(), Is.EqualTo(AioCancelResult.AllDone));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio)));
        ExpectResult(aio, 10);
        Assert.That(aio.Cancel(), Is.EqualTo(AioCancelResult.AllDone));
    }

    [Test]
    public void BufferIsPinnedUntilTheEnd()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        using CountedBuffer buffer = new(8);
        BackendAio aio = Submit(q, Read(pipe.A, buffer.Memory));
        Assert.That(buffer.Pins, Is.EqualTo(1));
        pipe.B.Write(8);
        AwaitEnd(aio);
        Assert.That(buffer.Pins, Is.Zero);
        Assert.That(TrySubmit(q, Write(pipe.A, buffer.Memory)), Is.EqualTo(Errno.EBADF));
        Assert.That(buffer.Pins, Is.Zero, "not submitted");
        aio.Abandon();
    }

    /// <summary>The exception would meet somebody else's call, or end the process.</summary>
    [Test]
    public void OwnerWhoRefusesTheBufferBackChangesNothing()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        using CountedBuffer buffer = new(8) { RefusesBack = true };
        BackendAio aio = Submit(q, Read(pipe.A, buffer.Memory));
        pipe.B.Write(8);
        Assert.That(q.WaitOne().Ident, Is.EqualTo(aio.Ident));
        Assert.That(buffer.Pins, Is.Zero);
        ExpectResult(aio, 8);
    }

    [Test]
    public void LettingGoCancelsAndTakesTheEvent()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        using CountedBuffer buffer = new(8);
        BackendAio aio = Submit(q, Read(pipe.A, buffer.Memory));
        aio.Abandon();
        Assert.That((q.Queue.KnoteCount, buffer.Pins), Is.EqualTo((0, 0)));
        pipe.B.Write(8);
        q.ExpectSilence();
        Assert.That(pipe.A.Readable(), Is.EqualTo(8));
        Assert.That((aio.Return(out Errno error), error), Is.EqualTo((-1L, Errno.EINVAL)));
        aio.Abandon();
    }

    [Test]
    public void LettingGoOfAFinishedOperationTakesTheEvent()
    {
        TestQueue q = NewQueue();
        BackendAio aio = Submit(q, Read(NumberedFile(10), new byte[10]));
        q.WaitOne();
        aio.Abandon();
        Assert.That(q.Queue.KnoteCount, Is.Zero);
        q.ExpectNothing();
    }

    [Test]
    public void OperationOutlivesItsQueue()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        using CountedBuffer buffer = new(8);
        BackendAio aio = Submit(q, Read(pipe.A, buffer.Memory));
        q.Dispose();
        Assert.That((aio.Error, buffer.Pins), Is.EqualTo((Errno.EINPROGRESS, 1)));
        pipe.B.Write(4);
        AwaitEnd(aio);
        Assert.That(buffer.Pins, Is.Zero);
        ExpectResult(aio, 4);
    }

    [Test]
    public void OperationThatOutlivesItsQueueCanBeCancelled([Values] bool byLettingGo)
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        using CountedBuffer buffer = new(8);
        BackendAio aio = Submit(q, Read(pipe.A, buffer.Memory));
        q.Dispose();
        if (byLettingGo)
            aio.Abandon();
        else
            Assert.That(aio.Cancel(), Is.EqualTo(AioCancelResult.Canceled));
        Assert.That(buffer.Pins, Is.Zero);
        pipe.B.Write(8);
        Assert.That(pipe.A.Readable(), Is.EqualTo(8));
    }

    [Test]
    public void WritesOutliveTheirQueue()
    {
        TestQueue q = NewQueue();
        Fd file = NumberedFile(0);
        byte[] content = Numbers(1 << 20);
        BackendAio write = Submit(q, Write(file, content));
        BackendAio sync = Submit(q, Sync(file));
        q.Dispose();
        AwaitEnd(sync);
        ExpectResult(write, content.Length);
        ExpectResult(sync, 0);
        Assert.That(File.ReadAllBytes(Temp.Path("numbered")), Is.EqualTo(content));
    }

    [Test]
    public void DisposeWakesWhoWaitsAndLeavesTheOperation()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        BackendAio aio = Submit(q, Read(pipe.A, new byte[8]));
        Errno error = Errno.None;
        using TestThread waiter = new(() => q.Queue.Kevent([], new KEvent[1], KeventTimeout.Infinite, null, out error));
        waiter.AwaitSleep();
        q.Dispose();
        waiter.Join();
        Assert.That(error, Is.EqualTo(Errno.EBADF));
        aio.Abandon();
    }

    [Test]
    public void FileIsOpenUntilTheEnd()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        using SafeFileHandle handle = new(pipe.A.Duplicate().Number, ownsHandle: true);
        int number = (int)handle.DangerousGetHandle();
        BackendAio aio = Submit(q, Read(pipe.A, new byte[8]) with { File = handle });
        handle.Dispose();
        Assert.That(Sys.IsOpen(number), Is.True);
        pipe.B.Write(2);
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio)));
        Assert.That(Sys.IsOpen(number), Is.False, "closed with the end");
        ExpectResult(aio, 2);
    }

    [Test]
    public void SocketIsClosedAtOnceAndReadUntilTheEnd()
    {
        TestQueue q = NewQueue();
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        Socket server = listener.Accept();
        BackendAio aio = Submit(q, Read(0, new byte[8]) with { File = server.SafeHandle });
        using (TestThread closer = new(server.Dispose))
            closer.Join();
        q.ExpectSilence();
        client.Send([1, 2, 3]);
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio)));
        ExpectResult(aio, 3);
    }

    [Test]
    public void ThreadThatSubmittedMayEnd()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        BackendAio aio = null!;
        using (TestThread thread = new(() => aio = Submit(q, Read(pipe.A, new byte[8]))))
            thread.Join();
        q.ExpectSilence();
        Assert.That(aio.Error, Is.EqualTo(Errno.EINPROGRESS));
        pipe.B.Write(6);
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio)));
        ExpectResult(aio, 6);
    }

    [Test]
    public void ThreadAndQueueMayEnd()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        BackendAio aio = null!;
        using (TestThread thread = new(() => aio = Submit(q, Read(pipe.A, new byte[8]))))
            thread.Join();
        q.Dispose();
        pipe.B.Write(6);
        AwaitEnd(aio);
        ExpectResult(aio, 6);
    }

    [Test]
    public void CompletionDoesNotInterruptTheWait()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        KEvent[] events = new KEvent[1];
        int interruptions = 0;
        for (int i = 0; i < Rounds; i++)
        {
            BackendAio aio = Submit(q, Read(pipe.A, new byte[8]));
            using TestThread writer = new(() => pipe.B.Write(1));
            while (q.Queue.Kevent([], events, KeventTimeout.Infinite, null, out Errno error) < 0)
            {
                Assert.That(error, Is.EqualTo(Errno.EINTR));
                interruptions++;
            }

            Assert.That(events[0], Is.EqualTo(Done(aio)));
            ExpectResult(aio, 1);
        }

        // The runtime sends a signal now and then.
        Assert.That(interruptions, Is.LessThan(Rounds / 5));
    }

    [Test]
    public void QueueThatNobodyDisposesOfDoesNotFreeTheBuffer()
    {
        WeakReference queue = LetAQueueGo();
        Eventually.Holds(
            () =>
            {
                Collect();
                return !queue.IsAlive;
            },
            "the end of the queue");
        Collect();
    }

    [Test]
    public void NothingIsOpenOnceAllHasEnded()
    {
        TestQueue q = NewQueue();
        int before = q.Queue.DescriptorCount;
        BackendAio aio = Submit(q, Read(NumberedFile(10), new byte[10]));
        q.WaitOne();
        Assert.That(q.Queue.DescriptorCount, Is.EqualTo(before + (UsesIoUring ? 1 : 0)));
        aio.Abandon();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference LetAQueueGo()
    {
        Pair pipe = NewPipe();
        using CountedBuffer buffer = new(8);
        BackendAio aio = SubmitAndForget(pipe, buffer, out WeakReference queue);
        Collect();
        Assert.That(buffer.Pins, Is.EqualTo(1));
        pipe.B.Write(3);
        AwaitEnd(aio);
        Assert.That(buffer.Pins, Is.Zero);
        ExpectResult(aio, 3);
        return queue;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private BackendAio SubmitAndForget(Pair pipe, CountedBuffer buffer, out WeakReference queue)
    {
        TestQueue forgotten = new(null, Backend);
        queue = new WeakReference(forgotten.Queue);
        return Submit(forgotten, Read(pipe.A, buffer.Memory));
    }

    private static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
