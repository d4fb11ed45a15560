using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kernels.Tests;

/// <summary>FreeBSD's struct aiocb and struct sigevent, as C sees them, and the events that SIGEV_KEVENT makes of them.</summary>
[NonParallelizable]
public sealed class AioMarshallingTests
{
    private const int InProgress = 36;
    private const int Canceled = 85;

    // What marks udata as the queue's own.
    private const long Aio = 0x6b61_0000_0000_0000;
    private const long Lio = 0x6b6c_0000_0000_0000;

    [Test]
    public unsafe void ControlBlockHasTheSizeThatCSays() => Assert.That(sizeof(AioControlBlock), Is.EqualTo(EchoLibrary.For(KqueueAbi.FreeBsd).Aio(0)));

    [TestCase(AioOperation.Read, 1L, 2L)]
    [TestCase(AioOperation.Write, 2L, 1L)]
    [TestCase(AioOperation.Sync, 0x80L, 1L)]
    [TestCase(AioOperation.DataSync, 0x100_0000L, 1L)]
    public void FieldsReachC(AioOperation operation, long call, long opcode)
    {
        using BackendQueue queue = Abis.Echo(KqueueAbi.FreeBsd, out EchoLibrary c);
        c.EndAio(InProgress);
        using SafeFileHandle file = File.OpenHandle("/dev/null");
        BackendAio aio = queue.SubmitAio(
            new()
            {
                Operation = operation,
                File = file,
                Buffer = new byte[0x1234],
                Offset = 0x1122_3344_5566,
                UData = 77,
                Flags = EventFlags.Dispatch,
            },
            out Errno error)!;
        Assert.That(error, Is.EqualTo(Errno.None));
        Assert.That(
            Enumerable.Range(3, 8).Select(c.Aio),
            Is.EqualTo(new[] { (long)file.DangerousGetHandle(), 0x1122_3344_5566, 0x1234, opcode, 3, (long)queue.Descriptor.DangerousGetHandle(), Aio + (long)aio.Ident, 0x80 }));
        Assert.That(c.Aio(1), Is.EqualTo(call));
        Assert.That((aio.Error, aio.Return(out error), error), Is.EqualTo((Errno.EINPROGRESS, -1L, Errno.EINVAL)));
        Assert.That(aio.Cancel(), Is.EqualTo(AioCancelResult.NotCanceled));
        c.EndAio(0);
        Assert.That((aio.Error, aio.Return(out error), error), Is.EqualTo((Errno.None, 0x1234L, Errno.None)));
        Assert.That((aio.Error, aio.Return(out error), error), Is.EqualTo((Errno.EINVAL, -1L, Errno.EINVAL)));
    }

    /// <summary>AIO-001, AIO-002: the kernel's ident is an address and its udata ours; errors are numbered as everywhere.</summary>
    [Test]
    public void EventComesWithOurIdentAndTheProgramsUData()
    {
        using BackendQueue queue = Abis.Echo(KqueueAbi.FreeBsd, out EchoLibrary c);
        c.EndAio(Canceled);
        using SafeFileHandle file = File.OpenHandle("/dev/null");
        BackendAio aio = queue.SubmitAio(new() { Operation = AioOperation.Read, File = file, Buffer = new byte[4], UData = 77 }, out _)!;
        c.Answer(new(c.Aio(2), -3, 0x8000, 0, Canceled, c.Aio(9)));
        KEvent[] events = new KEvent[2];
        Assert.That(queue.Kevent([], events, KeventTimeout.Zero, null, out _), Is.EqualTo(1));
        Assert.That(events[0], Is.EqualTo(new KEvent(aio.Ident, EventFilter.Aio, EventFlags.Eof, 0, (long)Errno.ECANCELED, 77)));

        // A change goes back by the address, and what it carries is what the event carries next.
        long calls = c.Calls;
        queue.Kevent([new(aio.Ident, EventFilter.Aio, EventFlags.Enable, udata: 78)], events, KeventTimeout.Zero, null, out _);
        Assert.That((c.Calls - calls, c.Change(0).Ident, c.Change(0).UData), Is.EqualTo((1L, c.Aio(2), Aio + (long)aio.Ident)));
        Assert.That((events[0].Ident, events[0].UData), Is.EqualTo((aio.Ident, (nint)78)));
        Assert.That((aio.Return(out Errno error), error), Is.EqualTo((-1L, Errno.ECANCELED)));
        Assert.That(queue.Kevent([], events, KeventTimeout.Zero, null, out _), Is.Zero, "AIO-004: the result was taken");
    }

    /// <summary>A change that another thread has translated already may still be on its way to the operation before.</summary>
    [Test]
    public void AddressIsNotUsedAgainSoon()
    {
        using BackendQueue queue = Abis.Echo(KqueueAbi.FreeBsd, out EchoLibrary c);
        c.EndAio(0);
        using SafeFileHandle file = File.OpenHandle("/dev/null");
        AioControl control = new() { Operation = AioOperation.Write, File = file, Buffer = new byte[9] };
        HashSet<long> blocks = [];
        HashSet<long> lists = [];
        for (int i = 0; i < 20; i++)
        {
            Assert.That(queue.SubmitAio(control, out _)!.Return(out _), Is.EqualTo(9));
            Assert.That(blocks.Add(c.Aio(2)), $"the block of operation {i} was another's");
            Assert.That(queue.SubmitAioList([control], 0, out _)!.Members[0]!.Return(out _), Is.EqualTo(9));
            Assert.That(blocks.Add(c.Aio(2)), $"the block of list {i} was another's");
            Assert.That(lists.Add(c.Aio(24)), $"the ident of list {i} was another's");
        }
    }

    [Test]
    public void WaitEndsThoughTheListOfAnOrphanIsTold()
    {
        BackendQueue queue = Abis.Echo(KqueueAbi.FreeBsd, out EchoLibrary c);
        c.EndAio(InProgress);
        using SafeFileHandle file = File.OpenHandle("/dev/null");
        AioControl silent = new() { Operation = AioOperation.Write, File = file, Buffer = new byte[9], IsSilent = true };
        BackendAioList list = queue.SubmitAioList([silent], 55, out _)!;
        c.Answer(new(c.Aio(24), -10, 0, 0, 0, c.Aio(23)));
        list.Members[0]!.Abandon();
        c.EndAio(0);
        long calls = c.Calls;
        Task<int> wait = Task.Run(() => queue.Kevent([], new KEvent[4], KeventTimeout.FromTimespec(0, 100_000_000), null, out _));
        bool ended = wait.Wait(3000);
        calls = c.Calls - calls;
        c.Reset(false);
        Assert.That(ended, $"{calls} calls of the kernel");
    }

    [Test]
    public void ListReachesC()
    {
        using BackendQueue queue = Abis.Echo(KqueueAbi.FreeBsd11, out EchoLibrary _);
        Assert.That(queue.SubmitAioList([], 0, out Errno error), Is.Null);
        Assert.That(error, Is.EqualTo(Errno.EINVAL).Or.EqualTo(Errno.ENOTSUP), "the plain echo library has no aio(4)");

        using BackendQueue with = Abis.Echo(KqueueAbi.FreeBsd, out EchoLibrary c);
        c.EndAio(0);
        using SafeFileHandle file = File.OpenHandle("/dev/null");
        AioControl silent = new() { Operation = AioOperation.Write, File = file, Buffer = new byte[9], IsSilent = true };
        BackendAioList list = with.SubmitAioList([silent, silent with { Operation = AioOperation.Read }], 55, out error)!;
        Assert.That(error, Is.EqualTo(Errno.None));
        Assert.That(Enumerable.Range(20, 4).Select(c.Aio), Is.EqualTo(new[] { 2, 3, (long)with.Descriptor.DangerousGetHandle(), Lio + (long)list.Ident }));
        Assert.That((c.Aio(5), c.Aio(6), c.Aio(7)), Is.EqualTo((9L, 1L, 0L)), "bytes, LIO_WRITE, SIGEV_NONE");
        c.Answer(new(c.Aio(24), -10, 0, 0, 0, c.Aio(23)));
        KEvent[] events = new KEvent[1];
        Assert.That(with.Kevent([], events, KeventTimeout.Zero, null, out _), Is.EqualTo(1));
        Assert.That(events[0], Is.EqualTo(new KEvent(list.Ident, EventFilter.Lio, EventFlags.None, 0, 0, 55)));
    }
}
