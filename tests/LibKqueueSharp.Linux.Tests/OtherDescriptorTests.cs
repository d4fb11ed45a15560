using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>Whatever else can be polled: eventfd, timerfd, signalfd, inotify, pidfd, netlink, terminals, an epoll set of somebody's own.</summary>
internal sealed class OtherDescriptorTests : LinuxFixture
{
    private const int SIGRT = 40;

    [Test]
    public void EventFdDataIsTheCounter([Values(EventFlags.None, EventFlags.Clear)] EventFlags clear)
    {
        Fd fd = Keep(Fd.Opened(Posix.EventFd(3, Posix.NonBlockCloseOnExec)));
        TestQueue q = NewQueue();
        q.AddRead(fd, clear);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(fd, 3, clear)));
        AddTo(fd, 4);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(fd, 7, clear)));
        fd.Read(8);
        q.ExpectSilence();
        AddTo(fd, 0x1_0000_0000);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(fd, 0x1_0000_0000, clear)));
    }

    [Test]
    public void EventFdRoomIsWhatCanBeAdded()
    {
        Fd fd = Keep(Fd.Opened(Posix.EventFd(3, Posix.NonBlockCloseOnExec)));
        TestQueue q = NewQueue();
        q.AddWrite(fd);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Write(fd, -5)), "WRITE-EVFD-001: ulong.MaxValue - 4, as the bits of a long");
        AddTo(fd, ulong.MaxValue - 1 - 3 - 10);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Write(fd, 10)));
        AddTo(fd, 10);
        q.ExpectSilence("full");
        fd.Read(8);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Write(fd, -2)));
    }

    [Test]
    public void EventFdReadAndWriteWithClearAreApart()
    {
        Fd fd = Keep(Fd.Opened(Posix.EventFd(0, Posix.NonBlockCloseOnExec)));
        TestQueue q = NewQueue();
        q.AddRead(fd, EventFlags.Clear);
        q.AddWrite(fd, EventFlags.Clear);
        Assert.That(q.WaitOne().Filter, Is.EqualTo(EventFilter.Write));
        for (int i = 1; i <= 5; i++)
        {
            AddTo(fd, 1);
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(fd, i, EventFlags.Clear)));
        }
    }

    [Test]
    public unsafe void TimerFdFires()
    {
        Fd fd = Keep(Fd.Opened(Posix.TimerFdCreate(Posix.CLOCK_MONOTONIC, Posix.NonBlockCloseOnExec)));
        TestQueue q = NewQueue();
        q.AddRead(fd, EventFlags.Clear);
        q.ExpectSilence("not armed");
        long* spec = stackalloc long[] { 0, 0, 0, 1_000_000 };
        for (int i = 0; i < 3; i++)
        {
            Assert.That(Posix.TimerFdSetTime(fd, 0, spec, null), Is.Zero);
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(fd, 1, EventFlags.Clear)));
            fd.Read(8);
        }
    }

    [Test]
    public unsafe void SignalFdFires()
    {
        // The signal stays blocked in this thread only, and is sent to this thread only.
        const int SIG_BLOCK = 0;
        const int SIG_UNBLOCK = 1;
        ulong* mask = stackalloc ulong[16];
        new Span<ulong>(mask, 16).Clear();
        mask[0] = 1UL << (SIGRT - 1);
        Posix.SignalMask(SIG_BLOCK, mask, null);
        try
        {
            Fd fd = Keep(Fd.Opened(Posix.SignalFd(-1, mask, Posix.NonBlockCloseOnExec)));
            TestQueue q = NewQueue();
            q.AddRead(fd);
            q.ExpectSilence();
            Assert.That(Posix.ThreadKill(Environment.ProcessId, Posix.GetThreadId(), SIGRT), Is.Zero);
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(fd, 1)));
            fd.Read(128);
            q.ExpectSilence();
        }
        finally
        {
            Posix.SignalMask(SIG_UNBLOCK, mask, null);
        }
    }

    [Test]
    public void InotifyDataIsTheBytesOfItsEvents()
    {
        Fd fd = Keep(Fd.Opened(Posix.InotifyInit(Posix.NonBlockCloseOnExec)));
        Assert.That(Posix.InotifyAddWatch(fd, Temp.Path("."), Posix.IN_CREATE), Is.GreaterThan(0));
        TestQueue q = NewQueue();
        q.AddRead(fd);
        q.ExpectSilence();
        File.WriteAllBytes(Temp.Path("new"), []);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(fd, 32)), "16 bytes and a name padded to 16");
        fd.Drain();
        q.ExpectSilence();
    }

    [Test]
    public void ProcessDescriptorFiresWhenTheProcessEnds()
    {
        const int SYS_pidfd_open = 434;
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start("/bin/sleep", "0.05");
        Fd fd = Keep(Fd.Opened((int)Posix.SystemCall(SYS_pidfd_open, process.Id, 0)));
        TestQueue q = NewQueue();
        q.AddRead(fd, EventFlags.OneShot);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(fd, 1, EventFlags.OneShot)));
        process.WaitForExit();
    }

    [Test]
    public void NetlinkSocketFires()
    {
        // rtnetlink(7): a request for the list of links is answered at once. These sockets know no FIONREAD.
        Fd fd = Keep(Fd.Opened(Tmds.Linux.LibC.socket(16, Tmds.Linux.LibC.SOCK_RAW | Tmds.Linux.LibC.SOCK_CLOEXEC, 0)));
        TestQueue q = NewQueue();
        q.AddRead(fd);
        q.ExpectSilence();
        byte[] request = new byte[32];
        request[0] = 32;
        request[4] = 18;
        request[6] = 1;
        request[7] = 3;
        Assert.That(fd.TryWrite(request), Is.EqualTo(32));
        KEvent e = q.WaitOne();
        Assert.That(Ev.WithoutData(e), Is.EqualTo(Ev.Read(fd, 0)));
        Assert.That(e.Data, Is.Positive);
        fd.Drain();
        q.ExpectSilence();
        q.AddWrite(fd);
        Assert.That(Ev.WithoutData(q.WaitOne()), Is.EqualTo(Ev.Write(fd, 0)));
    }

    [Test]
    public unsafe void SomebodysOwnEpollSetFires()
    {
        Pair pipe = NewPipe();
        Fd set = Keep(Fd.Opened(Posix.EpollCreate(Tmds.Linux.LibC.EPOLL_CLOEXEC)));
        Tmds.Linux.epoll_event e = new() { events = (int)Posix.EPOLLIN };
        Assert.That(Posix.EpollControl(set, Posix.EPOLL_CTL_ADD, pipe.A, &e), Is.Zero);
        TestQueue q = NewQueue();
        q.AddRead(set);
        q.ExpectSilence();
        pipe.B.Write(1);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(set, 1)));
        pipe.A.Read(1);
        q.ExpectSilence();
    }

    [Test]
    public void TerminalMasterSeesWhatTheSlaveWrites()
    {
        Pair terminal = NewPair(PairKind.Terminal);
        TestQueue q = NewQueue();
        q.AddRead(terminal.B);
        q.ExpectSilence();
        terminal.A.Write(6);
        KEvent e = q.WaitOne();
        Assert.That(Ev.WithoutData(e), Is.EqualTo(Ev.Read(terminal.B, 0)));
        Assert.That(e.Data, Is.Positive);
        terminal.B.Drain();
        q.ExpectSilence();
    }

    [Test]
    public void NullDeviceIsRefusedOnFreeBsdAndReadyOnNetBsdAndOpenBsd([Values("freebsd", "netbsd", "openbsd")] string name)
    {
        Dialect dialect = Dialect.Find(name)!;
        Fd fd = Keep(Fd.Open("/dev/null", OpenFlags.O_RDWR));
        TestQueue q = NewQueue(dialect);
        foreach (EventFilter filter in new[] { EventFilter.Read, EventFilter.Write })
        {
            if (dialect.DeviceWithoutPoll == DevicePolicy.Refused)
            {
                Assert.That(q.TryAdd(fd, filter), Is.EqualTo(Errno.ENODEV));
                Assert.That(q.TryDelete(fd, filter), Is.EqualTo(Errno.ENOENT));
                continue;
            }

            q.Add(fd, filter);
            for (int i = 0; i < 2; i++)
                Assert.That(q.WaitOne(), Is.EqualTo(new KEvent((nuint)(int)fd, filter, EventFlags.Add)));
            q.Delete(fd, filter);
        }

        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void NullDeviceNeedsAMarkOfOneOnMacOs([Values(EventFilter.Read, EventFilter.Write)] EventFilter filter)
    {
        Fd fd = Keep(Fd.Open("/dev/null", OpenFlags.O_RDWR));
        TestQueue q = NewQueue(Dialect.MacOs);
        Assert.That(q.TryAdd(fd, filter), Is.EqualTo(Errno.EINVAL), "READ-DEV-003");
        Assert.That(q.TryDelete(fd, filter), Is.EqualTo(Errno.ENOENT));
        q.Add(fd, filter, 0, (uint)ReadWriteNotes.LowWater, 1);
        for (int i = 0; i < 2; i++)
            Assert.That(q.WaitOne(), Is.EqualTo(new KEvent((nuint)(int)fd, filter, EventFlags.Add, data: 1)));
        q.Delete(fd, filter);
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void ClosedNullDeviceIsSilent()
    {
        Fd fd = Keep(Fd.Open("/dev/null", OpenFlags.O_RDWR));
        TestQueue q = NewQueue(Dialect.NetBsd);
        q.AddRead(fd);
        Assert.That(q.WaitOne().Ident, Is.EqualTo((nuint)(int)fd));
        fd.Dispose();
        Assert.That(q.Poll(), Is.Empty);
        Pair reused = NewPipe();
        Assert.That((int)reused.A, Is.EqualTo(fd.Last), "the number is used again");
        Assert.That(q.Poll(), Is.Empty);
    }

    [Test]
    public void DirectoryIsReadByOffsetAgainstSize()
    {
        Fd directory = Keep(Fd.Open(Temp.Path("."), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY));
        TestQueue q = NewQueue();
        q.AddRead(directory);
        Assert.That(Syscall.fstat(directory, out Stat status), Is.Zero);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(directory, status.st_size)), "READ-DIR-001");
        Assert.That(NewQueue(Dialect.MacOs).TryAdd(directory, EventFilter.Read), Is.EqualTo(Errno.EINVAL));
    }

    private static void AddTo(Fd eventFd, ulong count) =>
        Assert.That(eventFd.TryWrite(BitConverter.GetBytes(count)), Is.EqualTo(8));
}
