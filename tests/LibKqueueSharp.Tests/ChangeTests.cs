using System.Net;
using System.Net.Sockets;

namespace LibKqueueSharp.Tests;

/// <summary>The calls for the usual cases, on the backend of this system.</summary>
public sealed class ChangeTests
{
    [Test]
    public void PipeIsReadableWhenSomethingIsThere()
    {
        using Kqueue queue = new();
        using TestPipe pipe = new();
        queue.Add(pipe.Reader, EventFilter.Read, udata: 77);
        KEvent[] before = queue.Poll();
        pipe.Write(5);
        KEvent e = queue.WaitOne();
        Assert.Multiple(() =>
        {
            Assert.That(before, Is.Empty, Support.Text(before));
            Assert.That(e.Ident, Is.EqualTo((nuint)pipe.Reader.DangerousGetHandle()), e.ToString());
            Assert.That(e.Filter, Is.EqualTo(EventFilter.Read), e.ToString());
            Assert.That(e.Data, Is.EqualTo(5), e.ToString());
            Assert.That(e.UData, Is.EqualTo((nint)77), e.ToString());
        });
    }

    [Test]
    public void SocketIsWatchedDirectly()
    {
        using Kqueue queue = new();
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        bool blocking = socket.Blocking;
        queue.Add(socket, EventFilter.Read);
        socket.SendTo(new byte[7], socket.LocalEndPoint!);
        KEvent e = queue.WaitOne();
        Assert.Multiple(() =>
        {
            Assert.That(e.Filter, Is.EqualTo(EventFilter.Read), e.ToString());
            Assert.That(e.Data, Is.EqualTo(7), e.ToString());
            Assert.That(socket.Blocking, Is.EqualTo(blocking));
        });
        queue.Delete(socket, EventFilter.Read);
        Assert.That(queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void NumberIsWatchedAsTheHandleIs()
    {
        using Kqueue queue = new();
        using TestPipe pipe = new();
        int number = (int)pipe.Reader.DangerousGetHandle();
        queue.Add(pipe.Reader, EventFilter.Read);
        queue.Add(number, EventFilter.Read, udata: 1);
        Assert.That(queue.KnoteCount, Is.EqualTo(1));
        queue.Delete((nuint)number, EventFilter.Read);
        Assert.That(queue.TryDelete(pipe.Reader, EventFilter.Read), Is.False);
    }

    [Test]
    public void DisabledDeliversNothingUntilEnabledAndKeepsUData()
    {
        using Kqueue queue = new();
        using TestPipe pipe = new();
        queue.Add(pipe.Reader, EventFilter.Read, udata: 9);
        queue.Disable(pipe.Reader, EventFilter.Read);
        pipe.Write(1);
        KEvent[] disabled = queue.Poll();
        queue.Enable(pipe.Reader, EventFilter.Read);
        KEvent e = queue.WaitOne();
        Assert.Multiple(() =>
        {
            Assert.That(disabled, Is.Empty, Support.Text(disabled));
            Assert.That(e.UData, Is.EqualTo((nint)9), e.ToString());
        });
    }

    [Test]
    public void ClosedHandleIsRefusedBeforeTheQueueSeesIt()
    {
        using Kqueue queue = new();
        TestPipe pipe = new();
        pipe.Dispose();
        Assert.Multiple(() =>
        {
            Assert.Throws<ObjectDisposedException>(() => queue.Add(pipe.Reader, EventFilter.Read));
            Assert.Throws<ObjectDisposedException>(() => queue.TryDelete(pipe.Reader, EventFilter.Read));
        });
    }

    [Test]
    public void RegistrationHoldsNoReference()
    {
        using Kqueue queue = new();
        FakeDescriptor released;
        using (TestPipe pipe = new())
        {
            released = new FakeDescriptor((int)pipe.Reader.DangerousGetHandle());
            queue.Add(released, EventFilter.Read);
            released.Dispose();
        }

        Assert.That(released.Released, "the handle is still referenced");
    }

    [Test]
    public void ClosingAHandleRemovesItsRegistrations()
    {
        using Kqueue queue = new();
        TestPipe pipe = new();
        queue.Add(pipe.Reader, EventFilter.Read);
        pipe.Write(1);
        pipe.CloseReader();
        KEvent[] events = queue.Poll();
        pipe.Dispose();
        Assert.That(events, Is.Empty, Support.Text(events));
    }

    [Test]
    public void CloseThenReuseNumber()
    {
        using Kqueue queue = new();
        TestPipe first = new();
        int number = (int)first.Reader.DangerousGetHandle();
        queue.Add(first.Reader, EventFilter.Read, udata: 1);
        first.Write(1);
        first.Dispose();
        List<TestPipe> others = [];
        try
        {
            do
            {
                others.Add(new TestPipe());
            }
            while ((int)others[^1].Reader.DangerousGetHandle() != number && others.Count < 100);

            Assume.That((int)others[^1].Reader.DangerousGetHandle(), Is.EqualTo(number), "another test took the number");
            KEvent[] before = queue.Poll();
            queue.Add(others[^1].Reader, EventFilter.Read, udata: 2);
            KEvent[] idle = queue.Poll();
            others[^1].Write(3);
            KEvent e = queue.WaitOne();
            Assert.Multiple(() =>
            {
                Assert.That(before, Is.Empty, Support.Text(before));
                Assert.That(idle, Is.Empty, Support.Text(idle));
                Assert.That((e.UData, e.Data), Is.EqualTo(((nint)2, 3L)), e.ToString());
            });
        }
        finally
        {
            others.ForEach(pipe => pipe.Dispose());
        }
    }

    [Test]
    public void QueueWatchesAQueue()
    {
        using Kqueue inner = new();
        using Kqueue outer = new();
        inner.AddUserEvent(1);
        outer.Add(inner.Descriptor, EventFilter.Read);
        KEvent[] before = outer.Poll();
        inner.Trigger(1);
        KEvent e = outer.WaitOne();
        Assert.Multiple(() =>
        {
            Assert.That(before, Is.Empty, Support.Text(before));
            Assert.That(e.Data, Is.EqualTo(1), e.ToString());
        });
    }

    [Test]
    public void VnodeTellsOfAWrite()
    {
        using Kqueue queue = new();
        string path = Path.GetTempFileName();
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 1, FileOptions.DeleteOnClose);
        if (!Kqueue.Capabilities.Supports(EventFilter.Vnode))
        {
            Assert.Throws<KqueueException>(() => queue.AddVnode(file.SafeFileHandle, VnodeNotes.Write));
            return;
        }

        queue.AddVnode(file.SafeFileHandle, VnodeNotes.Write | VnodeNotes.Delete, udata: 4);
        file.Write(new byte[3]);
        file.Flush();
        KEvent e = queue.WaitOne();
        Assert.Multiple(() =>
        {
            Assert.That((VnodeNotes)e.FFlags & VnodeNotes.Write, Is.EqualTo(VnodeNotes.Write), e.ToString());
            Assert.That(e.UData, Is.EqualTo((nint)4), e.ToString());
        });
    }

    [Test]
    public void ProcessExitCarriesTheStatusAndIsNotReaped()
    {
        using Kqueue queue = new();
        using System.Diagnostics.Process child = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", "read x; exit 3"]) { RedirectStandardInput = true })!;
        if (!Kqueue.Capabilities.Supports(EventFilter.Process))
        {
            Assert.Throws<KqueueException>(() => queue.TryAddProcess(child.Id));
            child.StandardInput.Close();
            child.WaitForExit();
            return;
        }

        Assert.That(queue.TryAddProcess(child.Id));
        child.StandardInput.Close();
        KEvent e = queue.WaitOne();
        child.WaitForExit();
        Assert.Multiple(() =>
        {
            Assert.That(e.Filter, Is.EqualTo(EventFilter.Process), e.ToString());
            Assert.That((ProcessNotes)e.FFlags, Is.EqualTo(ProcessNotes.Exit), e.ToString());
            Assert.That(e.Data, Is.EqualTo(0x300), e.ToString());
            Assert.That(child.ExitCode, Is.EqualTo(3));
        });
    }

    [Test]
    public void TimerNeverEarly()
    {
        using Kqueue queue = new();
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        queue.AddTimer(1, TimeSpan.FromMilliseconds(30), EventFlags.OneShot, udata: 6);
        KEvent e = queue.WaitOne();
        TimeSpan elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(start);
        Assert.Multiple(() =>
        {
            Assert.That(elapsed, Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(30)));
            Assert.That((e.Ident, e.Filter, e.Data, e.UData), Is.EqualTo(((nuint)1, EventFilter.Timer, 1L, (nint)6)), e.ToString());
            Assert.That(queue.KnoteCount, Is.Zero, "a one-shot timer stayed");
        });
    }

    [Test]
    public void DeadlineFiresOnceAndNotBefore()
    {
        using Kqueue queue = new();
        DateTimeOffset deadline = DateTimeOffset.UtcNow.AddMilliseconds(30);
        queue.AddDeadline(1, deadline);
        KEvent e = queue.WaitOne();
        DateTimeOffset now = DateTimeOffset.UtcNow;
        Assert.Multiple(() =>
        {
            Assert.That(now, Is.GreaterThanOrEqualTo(deadline), e.ToString());
            Assert.That(e.Data, Is.EqualTo(1), e.ToString());
            Assert.That(queue.KnoteCount, Is.Zero, "the deadline stayed");
        });
    }

    [TestCase(-10)]
    [TestCase(-1e12, Description = "before the machine was started")]
    public void PastDeadlineFiresAtOnce(double milliseconds)
    {
        using Kqueue queue = new();
        queue.AddDeadline(1, DateTimeOffset.UtcNow.AddMilliseconds(milliseconds));
        KEvent e = queue.WaitOne();
        Assert.That(e.Filter, Is.EqualTo(EventFilter.Timer), e.ToString());
    }

    [Test]
    public void TriggerCarriesFlagsAndDataAndKeepsUData()
    {
        using Kqueue queue = new();
        queue.AddUserEvent(1, udata: 8);
        queue.Trigger(1, UserNotes.Or | (UserNotes)1);
        queue.Trigger(1, UserNotes.Or | (UserNotes)4, data: 42);
        KEvent[] events = queue.Poll();
        Assert.That(events, Has.Length.EqualTo(1), Support.Text(events));
        Assert.That((events[0].FFlags, events[0].Data, events[0].UData), Is.EqualTo((5u, 42L, (nint)8)), Support.Text(events));
        Assert.That(queue.Poll(), Is.Empty, "EV_CLEAR gives one event");
    }

    [Test]
    public async Task TriggerWakesAWaiterInAnotherThread()
    {
        using Kqueue queue = new();
        queue.AddUserEvent(1);
        Task<int> waiter = Support.Blocked(() => queue.Wait(new KEvent[1], Support.Long));
        queue.Trigger(1);
        Assert.That(await waiter, Is.EqualTo(1));
    }

    [Test]
    public void ErrorRecordsEndTheCall()
    {
        using Kqueue queue = new();
        queue.AddUserEvent(1);
        queue.Trigger(1);
        KEvent[] events = new KEvent[4];
        KEvent bad = new(9, EventFilter.User, EventFlags.Delete, udata: 3);
        KEvent good = new(2, EventFilter.User, EventFlags.Add);
        int count = queue.Control([bad, good], events, Timeout.InfiniteTimeSpan);
        Assert.Multiple(() =>
        {
            Assert.That(count, Is.EqualTo(1), Support.Text(events));
            Assert.That(events[0].IsRecord && events[0].Error == Errno.ENOENT, events[0].ToString());
            Assert.That((events[0].Ident, events[0].UData), Is.EqualTo(((nuint)9, (nint)3)), events[0].ToString());
            Assert.That(queue.TryDelete(2, EventFilter.User), "the change after the bad one was not applied");
        });
    }

    [Test]
    public void ReceiptsEndTheCall()
    {
        using Kqueue queue = new();
        queue.AddUserEvent(1);
        queue.Trigger(1);
        KEvent[] events = new KEvent[4];
        KEvent add = new(2, EventFilter.User, EventFlags.Add | EventFlags.Receipt);
        int count = queue.Control([add], events, Timeout.InfiniteTimeSpan);
        Assert.That(count == 1 && events[0].IsRecord && events[0].Error == Errno.None, Support.Text(events));
    }

    [Test]
    public void RefusedChangeLeavesTheEarlierOnesApplied()
    {
        using Kqueue queue = new();
        KEvent[] changes =
        [
            new(1, EventFilter.User, EventFlags.Add),
            new(2, EventFilter.User, EventFlags.Enable),
            new(3, EventFilter.User, EventFlags.Add),
        ];
        KqueueException failure = Assert.Throws<KqueueException>(() => queue.Apply(changes))!;
        Assert.Multiple(() =>
        {
            Assert.That(failure.Change, Is.EqualTo(changes[1]));
            Assert.That(queue.TryDelete(1, EventFilter.User));
            Assert.That(queue.TryDelete(3, EventFilter.User), Is.False);
        });
    }

    [Test]
    public void CapabilitiesAreOfTheDefaultBackend()
    {
        using Kqueue queue = new();
        Assert.Multiple(() =>
        {
            Assert.That(Kqueue.Capabilities.Backend, Is.EqualTo(Kqueue.DefaultBackend.Name));
            Assert.That(queue.Backend, Is.SameAs(Kqueue.DefaultBackend));
            Assert.That(Kqueue.Capabilities.Supports(EventFilter.User));
            Assert.That(Kqueue.Capabilities.Supports(EventFilter.Read));
        });
    }
}
