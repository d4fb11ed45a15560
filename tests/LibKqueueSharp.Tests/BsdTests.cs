using System.Runtime.InteropServices;
using static LibKqueueSharp.Bsd;
using static LibKqueueSharp.Errno;

namespace LibKqueueSharp.Tests;

/// <summary>The C names, used as a ported program would.</summary>
public sealed partial class BsdTests
{
    private static readonly timespec s_zero = new(0, 0);

    private static int Open(string dialect) => kqueue(new KqueueOptions { Dialect = Dialect.Find(dialect)! });

    private static int Open(FakeQueue queue) => kqueue(new KqueueOptions { Backend = new FakeBackend(_ => queue) });

    private static KEvent[] UserAdd(nuint ident)
    {
        KEvent[] change = new KEvent[1];
        EV_SET(out change[0], ident, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0, 0);
        return change;
    }

    private static bool Deletes(int kq, nuint ident)
    {
        EV_SET(out KEvent change, ident, EVFILT_USER, EV_DELETE);
        return kevent(kq, new(in change), null, s_zero) == 0;
    }

    [Test]
    public void PortedProgramReadsAsInC()
    {
        int kq = kqueue();
        KEvent[] changelist = new KEvent[2];
        KEvent[] eventlist = new KEvent[4];
        EV_SET(out changelist[0], 7, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0, 99);
        EV_SET(out changelist[1], 7, EVFILT_USER, 0, NOTE_TRIGGER | NOTE_FFCOPY | 3, 5, 99);
        int n = kevent(kq, changelist, 2, eventlist, 4, null);
        Assert.That(n, Is.EqualTo(1), $"{errno}");
        switch (eventlist[0].filter)
        {
            case EVFILT_USER:
                Assert.That((eventlist[0].flags & EV_ERROR) == 0 && eventlist[0].ident == 7, eventlist[0].ToString());
                Assert.That(eventlist[0].fflags == 3 && eventlist[0].data == 5, eventlist[0].ToString());
                Assert.That(eventlist[0].udata == 99, eventlist[0].ToString());
                break;
            default:
                Assert.Fail(eventlist[0].ToString());
                break;
        }

        changelist[0].flags = EV_DELETE;
        changelist[0].flags |= EV_RECEIPT;
        Assert.That(kevent(kq, changelist, 1, eventlist, 4, s_zero), Is.EqualTo(1));
        Assert.That((eventlist[0].flags & EV_ERROR) != 0 && eventlist[0].data == 0, eventlist[0].ToString());
        Assert.That(close(kq), Is.Zero);
    }

    [Test]
    public void FieldsAreThoseOfTheStruct()
    {
        KEvent kev = default;
        kev.ident = 1;
        kev.filter = EVFILT_TIMER;
        kev.flags = EV_ADD;
        kev.fflags = NOTE_USECONDS;
        kev.data = 2;
        kev.udata = 3;
        Assert.That(kev, Is.EqualTo(new KEvent(1, EventFilter.Timer, EventFlags.Add, (uint)TimerNotes.Microseconds, 2, 3)));
    }

    [Test]
    public void DescriptorIsRealAndReadableWhileAnEventIsQueued()
    {
        int inner = kqueue();
        using Kqueue outer = new();
        outer.Add(inner, EventFilter.Read);
        kevent(inner, UserAdd(1), null, null);
        KEvent[] before = outer.Poll();
        EV_SET(out KEvent trigger, 1, EVFILT_USER, 0, NOTE_TRIGGER);
        kevent(inner, new(in trigger), null, null);
        KEvent e = outer.WaitOne();
        close(inner);
        Assert.Multiple(() =>
        {
            Assert.That(before, Is.Empty, Support.Text(before));
            Assert.That(e.Ident, Is.EqualTo((nuint)inner), e.ToString());
        });
    }

    [TestCase(-1)]
    [TestCase(0)]
    [TestCase(999_999)]
    public void NumberThatIsNoQueueIsBadDescriptor(int number)
    {
        KEvent[] events = new KEvent[1];
        Assert.Multiple(() =>
        {
            errno = None;
            Assert.That((kevent(number, null, events, s_zero), errno), Is.EqualTo((-1, EBADF)));
            errno = None;
            Assert.That((kevent(number, UserAdd(1), 1, events, -1, s_zero), errno), Is.EqualTo((-1, EBADF)));
            errno = None;
            Assert.That((close(number), errno), Is.EqualTo((-1, EBADF)));
        });
    }

    [Test]
    public void ClosedQueueIsBadDescriptor()
    {
        int kq = kqueue();
        Assert.That(close(kq), Is.Zero);
        Assert.That((kevent(kq, UserAdd(1), null, null), errno), Is.EqualTo((-1, EBADF)));
        Assert.That((close(kq), errno), Is.EqualTo((-1, EBADF)));
    }

    [Test]
    public async Task CloseWakesAWaiterWithBadDescriptor()
    {
        int kq = kqueue();
        Task<(int, Errno)> waiter = Support.Blocked(() => (kevent(kq, null, new KEvent[1], null), errno));
        close(kq);
        Assert.That(await waiter.WaitAsync(Support.Long), Is.EqualTo((-1, EBADF)));
    }

    [Test]
    public async Task ErrnoIsPerThread()
    {
        errno = EIO;
        Errno other = await Task.Factory.StartNew(
            () =>
            {
                errno = EPERM;
                return errno;
            },
            TaskCreationOptions.LongRunning);
        Assert.That(other, Is.EqualTo(EPERM));
        errno = EIO;
        Assert.That(errno, Is.EqualTo(EIO));
    }

    [Test]
    public void SuccessLeavesErrnoAlone()
    {
        int kq = kqueue();
        errno = EIO;
        kevent(kq, UserAdd(1), null, null);
        close(kq);
        Assert.That(errno, Is.EqualTo(EIO));
    }

    [TestCase("freebsd", -1, EINVAL, false)]
    [TestCase("netbsd", -1, EINVAL, false)]
    [TestCase("openbsd", 0, None, false)]
    [TestCase("macos", 0, None, false)]
    public void NegativeChangeCountAppliesNothing(string dialect, int result, Errno expected, bool applied)
    {
        int kq = Open(dialect);
        errno = None;
        int count = kevent(kq, UserAdd(1), -1, new KEvent[1], 1, s_zero);
        Assert.That((count, errno, Deletes(kq, 1)), Is.EqualTo((result, expected, applied)));
        close(kq);
    }

    [TestCase("freebsd", -1, EINVAL)]
    [TestCase("openbsd", 0, None)]
    [TestCase("macos", 0, None)]
    public void NegativeEventCountIsSeenAfterTheChanges(string dialect, int result, Errno expected)
    {
        int kq = Open(dialect);
        errno = None;
        int count = kevent(kq, UserAdd(1), 1, new KEvent[1], -1, s_zero);
        Assert.That((count, errno, Deletes(kq, 1)), Is.EqualTo((result, expected, true)));
        close(kq);
    }

    [Test]
    public void FailedChangeOutranksTheNegativeEventCount()
    {
        int kq = kqueue();
        KEvent[] change = UserAdd(1);
        change[0].flags = EV_DELETE;
        Assert.That((kevent(kq, change, 1, null, -1, s_zero), errno), Is.EqualTo((-1, ENOENT)));
        close(kq);
    }

    [Test]
    public void CountLargerThanItsSpanIsAFault()
    {
        int kq = kqueue();
        Assert.That((kevent(kq, UserAdd(1), 2, null, 0, s_zero), errno), Is.EqualTo((-1, EFAULT)));
        errno = None;
        Assert.That((kevent(kq, UserAdd(1), 1, new KEvent[1], 2, s_zero), errno), Is.EqualTo((-1, EFAULT)));
        Assert.That(Deletes(kq, 1), Is.False, "a change was applied");
        close(kq);
    }

    [TestCase("freebsd", 0, 1_000_000_000, true)]
    [TestCase("freebsd", 0, -1, true)]
    [TestCase("freebsd", -1, 0, true)]
    [TestCase("openbsd", 0, 1_000_000_000, false)]
    [TestCase("macos", 0, -1, false)]
    public void InvalidTimeIsRefusedBeforeOrAfterTheChanges(string dialect, long seconds, long nanoseconds, bool applied)
    {
        int kq = Open(dialect);
        int count = kevent(kq, UserAdd(1), new KEvent[1], new timespec(seconds, nanoseconds));
        Assert.That((count, errno, Deletes(kq, 1)), Is.EqualTo((-1, EINVAL, applied)));
        close(kq);
    }

    [TestCase("freebsd", 0)]
    [TestCase("openbsd", -1)]
    public void InvalidTimeWithoutRoomIsRefusedByOpenBsdOnly(string dialect, int result)
    {
        int kq = Open(dialect);
        Assert.That(kevent(kq, UserAdd(1), null, new timespec(0, -1)), Is.EqualTo(result));
        close(kq);
    }

    [Test]
    public void FailedChangeWithoutRoomIsTheErrno()
    {
        int kq = kqueue();
        EV_SET(out KEvent bad, 1, EVFILT_TIMER, EV_ADD, NOTE_SECONDS | NOTE_USECONDS, 1, 0);
        Assert.That((kevent(kq, new(in bad), null, null), errno), Is.EqualTo((-1, EINVAL)));
        close(kq);
    }

    [Test]
    public void SignalDuringTheWaitIsSurfaced()
    {
        FakeQueue fake = new(Dialect.FreeBsd, (_, _, _, _, out error) =>
        {
            error = EINTR;
            return -1;
        })
        { Handle = new FakeDescriptor(1_000_001) };
        int kq = Open(fake);
        Assert.That((kevent(kq, null, new KEvent[1], null), errno), Is.EqualTo((-1, EINTR)));
        close(kq);
        Assert.That(fake.Changelists, Has.Count.EqualTo(1));
    }

    [Test]
    public void CreationFailsWithTheErrno()
    {
        KqueueOptions options = new() { Backend = new FakeBackend(_ => throw new KqueueException(EMFILE, "kqueue")) };
        Assert.That((kqueue(options), errno), Is.EqualTo((-1, EMFILE)));
    }

    [Test]
    public void UnknownCreationFlagsAreRefused()
    {
        Assert.Multiple(() =>
        {
            Assert.That((kqueuex(0x80), errno), Is.EqualTo((-1, EINVAL)));
            errno = None;
            Assert.That((kqueuex(KQUEUE_CPONFORK), errno), Is.EqualTo((-1, EINVAL)));
            errno = None;
            Assert.That((kqueue1(1), errno), Is.EqualTo((-1, EINVAL)));
        });
    }

    [Test]
    public void KnownCreationFlagsAreAccepted()
    {
        int[] queues = [kqueuex(0), kqueuex(KQUEUE_CLOEXEC), kqueue1(0), kqueue1(O_CLOEXEC)];
        Assert.That(queues, Is.All.GreaterThanOrEqualTo(0));
        Assert.That(queues, Is.Unique);
        Assert.That(queues.Select(close), Is.All.Zero);
    }

    [Test]
    public void NumberClosedBehindTheTableIsNotClosedTwice()
    {
        KeventAnswer nothing = (_, _, _, _, out error) =>
        {
            error = None;
            return 0;
        };
        FakeQueue stale = new(Dialect.FreeBsd, nothing) { Handle = new FakeDescriptor(1_000_002) };
        FakeQueue fresh = new(Dialect.FreeBsd, nothing) { Handle = new FakeDescriptor(1_000_002) };
        Open(stale);
        int kq = Open(fresh);
        kevent(kq, UserAdd(1), null, null);
        Assert.Multiple(() =>
        {
            Assert.That(stale.Handle.Released, Is.False, "the stale queue closed the number of the fresh one");
            Assert.That(stale.Disposals, Is.EqualTo(1));
            Assert.That(fresh.Changelists, Has.Count.EqualTo(1));
            Assert.That(close(kq), Is.Zero);
            Assert.That(fresh.Handle.Released);
        });
    }

    [Test]
    public void DuplicateOfAQueueIsNoQueue()
    {
        // The deviation duplicate-number: KQ-DUP-001 wants one queue under both numbers.
        int kq = kqueue();
        int duplicate = Duplicate(kq);
        try
        {
            Assert.That(duplicate, Is.GreaterThan(kq));
            int result = kevent(duplicate, UserAdd(1), null, s_zero);
            Assert.That((result, errno), Is.EqualTo((-1, EBADF)));
            Assert.That(kevent(kq, UserAdd(1), null, s_zero), Is.Zero);
        }
        finally
        {
            CloseNumber(duplicate);
            close(kq);
        }
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int fd);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseNumber(int fd);
}
