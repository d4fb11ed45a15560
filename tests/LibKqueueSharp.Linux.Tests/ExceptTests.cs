using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>EVFILT_EXCEPT with NOTE_OOB: urgent data (EXC-001, EXC-002).</summary>
internal sealed class ExceptTests : LinuxFixture
{
    private const uint OutOfBand = (uint)ReadWriteNotes.OutOfBand;

    [Test]
    public void UrgentByteFires([Values(EventFlags.None, EventFlags.Clear, EventFlags.OneShot, EventFlags.Dispatch)] EventFlags flags)
    {
        Pair pair = NewPair(PairKind.Tcp);
        TestQueue q = NewQueue();
        q.Add(pair.A, EventFilter.Except, flags, OutOfBand);
        pair.B.Write(5);
        q.ExpectSilence("ordinary bytes");
        Sockets.SendUrgent(pair.B, 1);
        Assert.That(q.WaitOne(), Is.EqualTo(new KEvent((nuint)(int)pair.A, EventFilter.Except, flags, OutOfBand, 5)));
        if (flags == 0)
            Assert.That(q.WaitOne().FFlags, Is.EqualTo(OutOfBand), "level");
        else
            q.ExpectSilence();
        Assert.That(Sockets.Receive(pair.A, 1, MessageFlags.MSG_OOB), Is.EqualTo(1));
        pair.A.Drain();
        q.ExpectSilence("taken");
    }

    [Test]
    public void UrgentByteIsNotReadData()
    {
        // The trace tcp_oob of FreeBSD.
        Pair pair = NewPair(PairKind.Tcp);
        TestQueue q = NewQueue();
        q.AddRead(pair.A);
        pair.B.Write(5);
        Sockets.SendUrgent(pair.B, 1);
        q.Settle(Ev.Read(pair.A, 5));
        pair.A.Drain();
        q.Settle();
    }

    [Test]
    public void WithoutTheNoteNothingIsReported()
    {
        Pair pair = NewPair(PairKind.Tcp);
        TestQueue q = NewQueue();
        q.Add(pair.A, EventFilter.Except);
        Sockets.SendUrgent(pair.B, 1);
        q.ExpectSilence("EXC-002");
        WakeUps.AreFew(q);
    }

    [Test]
    public void EndOfAConnectionIsNoUrgentData()
    {
        Pair pair = NewPair(PairKind.Tcp);
        TestQueue q = NewQueue();
        q.Add(pair.A, EventFilter.Except, 0, OutOfBand);
        Sockets.ResetOnClose(pair.B);
        pair.B.Dispose();
        q.ExpectSilence();
        WakeUps.AreFew(q);
    }

    [Test]
    public void FilesAndQueuesAreRefused()
    {
        TestQueue q = NewQueue();
        Assert.That(q.TryAdd(Keep(Temp.File("f", 1)), EventFilter.Except), Is.EqualTo(Errno.EINVAL));
        Assert.That(q.TryAdd(NewQueue().Number, EventFilter.Except), Is.EqualTo(Errno.EINVAL));
    }

    [Test]
    public void UrgentByteLeavesAnEdgeTriggeredWriterAlone([Values(EventFlags.None, EventFlags.Clear)] EventFlags read, [Values] bool exceptFirst)
    {
        Pair pair = NewPair(PairKind.Tcp);
        TestQueue q = NewQueue();
        if (exceptFirst)
            q.Add(pair.A, EventFilter.Except, EventFlags.Clear, (uint)ReadWriteNotes.OutOfBand);
        q.AddRead(pair.A, read);
        q.AddWrite(pair.A, EventFlags.Clear);
        if (!exceptFirst)
            q.Add(pair.A, EventFilter.Except, EventFlags.Clear, (uint)ReadWriteNotes.OutOfBand);
        Assert.That(q.WaitOne().Filter, Is.EqualTo(EventFilter.Write));
        Sockets.SendUrgent(pair.B, 1);
        Assert.That(q.Wait().Select(e => e.Filter), Is.EquivalentTo(new[] { EventFilter.Except }));
        q.ExpectSilence();
    }

    [Test]
    public void EndOfAConnectionFiresAsOnMacOs([Values(PairKind.Tcp, PairKind.UnixStream)] PairKind kind, [Values(EventFlags.None, EventFlags.Clear)] EventFlags flags)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue(Dialect.MacOs);
        q.Add(pair.A, EventFilter.Except, flags, OutOfBand);
        q.ExpectSilence();
        pair.B.Dispose();
        Assert.That(q.WaitOne(), Is.EqualTo(new KEvent((nuint)(int)pair.A, EventFilter.Except, EventFlags.Add | EventFlags.Eof | flags)), "EXC-003");
    }

    [Test]
    public void ResetCarriesItsErrorAsOnMacOs()
    {
        Pair pair = NewPair(PairKind.Tcp);
        TestQueue q = NewQueue(Dialect.MacOs);
        q.Add(pair.A, EventFilter.Except, 0, OutOfBand);
        Sockets.ResetOnClose(pair.B);
        pair.B.Dispose();
        KEvent e = q.WaitOne();
        Assert.That((e.Flags & EventFlags.Eof, (Errno)e.FFlags), Is.EqualTo((EventFlags.Eof, Errno.ECONNRESET)), e.ToString());
    }

    [Test]
    public void EndOfAPipeFiresAsOnOpenBsd([Values] bool writer)
    {
        Pair pipe = NewPipe();
        TestQueue q = NewQueue(Dialect.OpenBsd);
        Fd watched = writer ? pipe.B : pipe.A;
        q.Add(watched, EventFilter.Except, 0, OutOfBand);
        q.ExpectSilence();
        (writer ? pipe.A : pipe.B).Dispose();
        KEvent expected = new((nuint)(int)watched, EventFilter.Except, EventFlags.Add | EventFlags.Eof);
        Assert.That(q.WaitOne(), Is.EqualTo(expected), "EXC-006");
        Assert.That(q.WaitOne(), Is.EqualTo(expected), "level");
    }

    [Test]
    public void DirectionsStayApartWhateverComesAndGoes()
    {
        // The first registration is empty for a while, and what comes next may not share the edge of the other direction.
        Pair pair = NewPair(PairKind.Tcp);
        TestQueue q = NewQueue();
        q.AddRead(pair.A, EventFlags.Clear);
        q.AddWrite(pair.A, EventFlags.Clear);
        q.Delete(pair.A, EventFilter.Read);
        q.Add(pair.A, EventFilter.Empty, EventFlags.Clear);
        q.AddRead(pair.A, EventFlags.Clear);
        q.Delete(pair.A, EventFilter.Empty);
        Assert.That(q.WaitOne().Filter, Is.EqualTo(EventFilter.Write));
        pair.B.Write(1);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 1, EventFlags.Clear)));
        q.ExpectSilence();
    }
}
