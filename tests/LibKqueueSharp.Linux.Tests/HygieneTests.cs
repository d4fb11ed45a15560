using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>The queue's own descriptors: how many, close-on-exec, none left over; and nothing changes behind the caller's back.</summary>
internal sealed class HygieneTests : LinuxFixture
{
    [Test]
    public void TenThousandTimersNeedNoDescriptor()
    {
        TestQueue q = NewQueue();
        int before = q.Queue.DescriptorCount;
        for (int i = 0; i < 10_000; i++)
            q.Add(i, EventFilter.Timer, EventFlags.OneShot, 0, 3_600_000 + i);
        Assert.That((q.Queue.KnoteCount, q.Queue.DescriptorCount), Is.EqualTo((10_000, before)));
    }

    [Test]
    public void DescriptorCountIsTheTruthAndAllAreCloseOnExec()
    {
        SortedDictionary<int, string> before = Census.Take();
        Pair pair = NewPair(PairKind.UnixStream);
        Fd file = Keep(Temp.File("f", 1));
        TestQueue other = NewQueue();
        int[] known = [pair.A, pair.B, file, .. Census.Take().Without(before).Select(e => e.Key)];
        TestQueue q = NewQueue();
        Check(q, before, known, "new", 2);
        q.Add(1, EventFilter.User);
        q.Add(1, EventFilter.Timer, data: 1000);
        Check(q, before, known, "user events and timers need none", 2);
        q.AddRead(pair.A, EventFlags.Clear);
        Check(q, before, known, "with a socket", 2);
        q.AddWrite(pair.A, EventFlags.Clear);
        Check(q, before, known, "with edges in both directions", 3);
        q.AddRead(file);
        Check(q, before, known, "with a file", 4);
        Assert.That(q.Number, Is.Positive);
        Check(q, before, known, "with its descriptor handed out", 7);
        q.AddRead(other.Number);
        known = [.. known, .. Census.Take().Without(before).Select(e => e.Key).Where(fd => !OwnedBy(q, before, known).Contains(fd))];
        q.Dispose();
        Assert.That(OwnedBy(q, before, known), Has.Count.LessThanOrEqualTo(3), "what the other queue opened for being watched");
    }

    [Test]
    public void OrphanCostsOneDescriptorMore()
    {
        SortedDictionary<int, string> before = Census.Take();
        Pair pipe = NewPipe();
        Fd duplicate = Keep(pipe.A.Duplicate());
        TestQueue q = NewQueue();
        int[] known = [pipe.B, duplicate];
        q.AddRead(pipe.A);
        q.AddRead(pipe.B);
        pipe.A.Dispose();
        pipe.B.Write(1);
        for (int i = 0; i < 1000; i++)
            q.ExpectNothing();
        Check(q, before, known, "after the set was rebuilt", q.Queue.DescriptorCount);
    }

    [Test]
    public void FailedCreationLeaksNothing()
    {
        if (NoDescriptors.AreElsewhere())
            return;
        // KQ-NEW-004: with every number taken, no queue can be made and none of its parts may stay.
        List<Fd> all = [];
        try
        {
            NoDescriptors.Fill(all);
            for (int free = 0; free < 2; free++)
            {
                KqueueException? failure = Assert.Throws<KqueueException>(() => new TestQueue());
                Assert.That(failure!.Error, Is.EqualTo(Errno.EMFILE), $"{free} numbers free");
                all[^1].Dispose();
                all.RemoveAt(all.Count - 1);
            }

            new TestQueue().Dispose();
            using TestQueue q = new();
            Assert.That(Syscall.dup(0), Is.EqualTo(-1), "none is free now");
            Assert.That(() => q.Number, Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.EMFILE));
            Assert.That(q.TryAdd(Temp0(all), EventFilter.Read), Is.EqualTo(Errno.ENOMEM), "no inotify instance can be had");
            Assert.That(q.Queue.KnoteCount, Is.Zero);
            Assert.That(q.Queue.DescriptorCount, Is.EqualTo(2));
            q.Add(1, EventFilter.User);
            q.Trigger(1);
            Assert.That(q.Poll(), Has.Length.EqualTo(1), "the queue still works");
        }
        finally
        {
            foreach (Fd fd in all)
                fd.Dispose();
        }
    }

    [Test]
    public void FlagsOptionsAndSignalsStayAsTheyWere()
    {
        Pair pair = NewPair(PairKind.Tcp);
        int flags = Syscall.fcntl(pair.A, FcntlCommand.F_GETFL);
        int owned = Syscall.fcntl(pair.A, FcntlCommand.F_GETFD);
        int receive = Sockets.GetOption(pair.A, UnixSocketOptionName.SO_RCVLOWAT);
        string signals = Signals();
        TestQueue q = NewQueue();
        q.Add(pair.A, EventFilter.Read, fflags: (uint)ReadWriteNotes.LowWater, data: 10);
        q.AddWrite(pair.A);
        q.Add(pair.A, EventFilter.Empty);
        pair.B.Write(20);
        for (int i = 0; i < 10; i++)
            q.Wait();
        Assert.That(Syscall.fcntl(pair.A, FcntlCommand.F_GETFL), Is.EqualTo(flags));
        Assert.That(Syscall.fcntl(pair.A, FcntlCommand.F_GETFD), Is.EqualTo(owned));
        Assert.That(Sockets.GetOption(pair.A, UnixSocketOptionName.SO_RCVLOWAT), Is.EqualTo(receive));
        Assert.That(Signals(), Is.EqualTo(signals));
        Assert.That(pair.A.Readable(), Is.EqualTo(20), "nothing was read");
    }

    [Test]
    public void FailedChangesLeakNothing()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        Fd file = Keep(Temp.File("f", 1));
        pipe.A.Dispose();
        SortedDictionary<int, string> before = Census.Take();
        for (int i = 0; i < 100; i++)
        {
            Assert.That(q.TryAdd(pipe.B, EventFilter.Write), Is.EqualTo(Errno.EPIPE));
            Assert.That(q.TryAdd(file, EventFilter.Empty), Is.EqualTo(Errno.EINVAL));
            Assert.That(q.TryAdd(pipe.A.Last, EventFilter.Read), Is.EqualTo(Errno.EBADF));
        }

        Assert.That(q.Queue.KnoteCount, Is.Zero);
        Assert.That(Census.Take().Without(before), Is.Empty);
    }

    private static void Check(TestQueue q, SortedDictionary<int, string> before, int[] known, string when, int expected)
    {
        List<int> own = OwnedBy(q, before, known);
        Assert.That(q.Queue.DescriptorCount, Is.EqualTo(own.Count), $"{when}: {string.Join(' ', own.Select(fd => Census.Take()[fd]))}");
        Assert.That(own, Has.Count.EqualTo(expected), when);
        foreach (int fd in own)
            Assert.That(Census.Flags(fd) & Tmds.Linux.LibC.O_CLOEXEC, Is.Not.Zero, $"{when}: {Census.Take()[fd]} is close-on-exec");
    }

    private static List<int> OwnedBy(TestQueue q, SortedDictionary<int, string> before, int[] known) =>
        [.. Census.Take().Without(before).Select(e => e.Key).Except(known)];

    /// <summary>A regular file under a number that is taken already.</summary>
    private static Fd Temp0(List<Fd> all)
    {
        Fd last = all[^1];
        int number = last;
        last.Dispose();
        Fd file = Fd.Open("/etc/passwd", OpenFlags.O_RDONLY);
        Assert.That((int)file, Is.EqualTo(number));
        all[^1] = file;
        return file;
    }

    private static string Signals() =>
        string.Join(' ', File.ReadLines("/proc/self/status").Where(l => l.StartsWith("Sig", StringComparison.Ordinal) && !l.StartsWith("SigQ", StringComparison.Ordinal)));
}
