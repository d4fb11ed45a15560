using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>Each error that a program can provoke through a queue on Linux, in every dialect that has its own.</summary>
internal sealed class ErrorTests : LinuxFixture
{
    private static readonly EventFilter[] s_descriptorFilters =
        [EventFilter.Read, EventFilter.Write, EventFilter.Except, EventFilter.Empty];

    private static readonly string[] s_dialects = ["freebsd", "netbsd", "openbsd", "macos"];

    [Test]
    public void ClosedDescriptorIsBadDescriptor(
        [ValueSource(nameof(s_descriptorFilters))] EventFilter filter, [ValueSource(nameof(s_dialects))] string name)
    {
        Dialect dialect = Dialect.Find(name)!;
        TestQueue q = NewQueue(dialect);
        Fd fd = NewPipe().A;
        fd.Dispose();
        Assert.That(q.TryAdd(fd.Last, filter), Is.EqualTo(Errno.EBADF), "CORE-ADD-017");
        Errno absent = dialect.ClosedDescriptorNeedsAdd ? Errno.ENOENT : Errno.EBADF;
        foreach (EventFlags flags in new[] { EventFlags.Delete, EventFlags.Enable, EventFlags.Disable, EventFlags.None })
            Assert.That(q.Try(new KEvent((nuint)fd.Last, filter, flags)), Is.EqualTo(absent), $"CALL-ERR-018 {flags}");
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void ImpossibleDescriptorIsBadDescriptor(
        [ValueSource(nameof(s_descriptorFilters))] EventFilter filter,
        [Values(1UL << 40, 0x8000_0000UL, 0x7fff_ffffUL, 0x7000_0000UL, ulong.MaxValue)] ulong ident)
    {
        // CALL-ERR-019. A large number must cost neither memory nor time.
        TestQueue q = NewQueue();
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (EventFlags flags in new[] { EventFlags.Add, EventFlags.Delete, EventFlags.Enable, EventFlags.None })
            Assert.That(q.Try(new KEvent((nuint)ident, filter, flags)), Is.EqualTo(Errno.EBADF), flags.ToString());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000_000));
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void AbsentRegistrationIsNotFound([ValueSource(nameof(s_descriptorFilters))] EventFilter filter)
    {
        TestQueue q = NewQueue();
        Fd fd = NewPair(PairKind.Tcp).A;
        foreach (EventFlags flags in new[] { EventFlags.Delete, EventFlags.Enable, EventFlags.Disable, EventFlags.None })
            Assert.That(q.Try(new KEvent((nuint)(int)fd, filter, flags)), Is.EqualTo(Errno.ENOENT), $"CALL-ERR-017 {flags}");
        q.Add(fd, filter);
        q.Delete(fd, filter);
        Assert.That(q.TryDelete(fd, filter), Is.EqualTo(Errno.ENOENT), "CORE-DEL-003");
    }

    [Test]
    public void EventListWithRoomGetsARecord()
    {
        // CALL-ERR-001, CALL-ERR-003, CALL-ERR-007 with descriptors.
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        Fd closed = NewPipe().A;
        closed.Dispose();
        pipe.B.Write(1);
        KEvent[] events = new KEvent[4];
        KEvent[] changes =
        [
            new((nuint)closed.Last, EventFilter.Read, EventFlags.Add, 0, 0, 11),
            new((nuint)(int)pipe.A, EventFilter.Read, EventFlags.Add),
            new((nuint)(int)pipe.B, EventFilter.Empty, EventFlags.Add, 0, 0, 12),
        ];
        int count = q.Queue.Kevent(changes, events, KeventTimeout.FromTimeSpan(Eventually.Limit), null, out Errno error);
        Assert.That((count, error), Is.EqualTo((2, Errno.None)));
        Assert.That(events[0], Is.EqualTo(new KEvent((nuint)closed.Last, EventFilter.Read, EventFlags.Error, 0, (long)Errno.EBADF, 11)));
        Assert.That(events[1], Is.EqualTo(new KEvent((nuint)(int)pipe.B, EventFilter.Empty, EventFlags.Error, 0, (long)Errno.EINVAL, 12)));
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pipe.A, 1)), "the change in the middle was applied");
    }

    [Test]
    public void WithoutRoomTheFirstErrorEndsTheCall()
    {
        // CALL-ERR-004, CALL-ERR-005 with descriptors.
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        Fd closed = NewPipe().A;
        closed.Dispose();
        KEvent[] changes =
        [
            new((nuint)(int)pipe.A, EventFilter.Read, EventFlags.Add),
            new((nuint)closed.Last, EventFilter.Read, EventFlags.Add),
            new((nuint)(int)pipe.B, EventFilter.Write, EventFlags.Add),
        ];
        int count = q.Queue.Kevent(changes, [], KeventTimeout.Zero, null, out Errno error);
        Assert.That((count, error), Is.EqualTo((-1, Errno.EBADF)));
        Assert.That(q.TryDelete(pipe.A, EventFilter.Read), Is.EqualTo(Errno.None));
        Assert.That(q.TryDelete(pipe.B, EventFilter.Write), Is.EqualTo(Errno.ENOENT));
    }

    [Test]
    public void InvalidTimeoutIsRefused([ValueSource(nameof(s_dialects))] string name)
    {
        // CALL-TMO-006 to CALL-TMO-009.
        Dialect dialect = Dialect.Find(name)!;
        Fd fd = NewPipe().A;
        foreach (KeventTimeout invalid in new[] { KeventTimeout.FromTimespec(0, 1_000_000_000), KeventTimeout.FromTimespec(0, -1), KeventTimeout.FromTimespec(-1, 0) })
        {
            using TestQueue q = new(dialect);
            KEvent add = new((nuint)(int)fd, EventFilter.Read, EventFlags.Add);
            int count = q.Queue.Kevent([add], new KEvent[1], invalid, null, out Errno error);
            Assert.That((count, error), Is.EqualTo((-1, Errno.EINVAL)));
            Assert.That(q.TryDelete(fd, EventFilter.Read), Is.EqualTo(dialect.InvalidTimeoutIsRefusedFirst ? Errno.ENOENT : Errno.None));
            q.Queue.Kevent([add], [], invalid, null, out error);
            Assert.That(error, Is.EqualTo(dialect.InvalidTimeoutIsRefusedFirst ? Errno.EINVAL : Errno.None), "without room for events");
        }
    }

    [Test]
    public void UnknownFilterIsInvalid([Values(-100, -17, 1, 3, 32767, -32768)] int filter, [ValueSource(nameof(s_dialects))] string name)
    {
        TestQueue q = NewQueue(Dialect.Find(name)!);
        Assert.That(q.Try(new KEvent(1, (EventFilter)filter, EventFlags.Add)), Is.EqualTo(Errno.EINVAL), "CALL-ERR-012, CALL-ERR-013");
    }

    [Test]
    public void FilterZeroFollowsTheDialect([ValueSource(nameof(s_dialects))] string name)
    {
        Dialect dialect = Dialect.Find(name)!;
        TestQueue q = NewQueue(dialect);
        Fd fd = NewPipe().A;
        Errno expected = dialect.FilterZero == FilterZeroPolicy.Refused ? Errno.EINVAL : Errno.None;
        Assert.That(q.Try(new KEvent((nuint)(int)fd, 0, EventFlags.Add)), Is.EqualTo(expected), "CALL-ERR-011");
        Assert.That(q.Queue.KnoteCount, Is.EqualTo(dialect.FilterZero == FilterZeroPolicy.Read ? 1 : 0));
    }

    [Test]
    public void ContradictoryFlagsFollowTheDialect([ValueSource(nameof(s_dialects))] string name)
    {
        Dialect dialect = Dialect.Find(name)!;
        TestQueue q = NewQueue(dialect);
        Fd fd = NewPipe().A;
        Errno both = dialect.EnableWithDisable == EnableWithDisablePolicy.Refused ? Errno.EINVAL : Errno.None;
        Assert.That(q.TryAdd(fd, EventFilter.Read, EventFlags.Enable | EventFlags.Disable), Is.EqualTo(both), "CALL-ERR-015");
        Errno keep = dialect.HasForceOneShotAndKeepUData ? Errno.EINVAL : Errno.None;
        Assert.That(q.TryAdd(fd, EventFilter.Read, EventFlags.KeepUData), Is.EqualTo(keep), "CORE-KEEP-002");
    }

    [Test]
    public void UnservedFiltersFailInAKnownWay()
    {
        TestQueue q = NewQueue();
        foreach (FilterCapability entry in new LinuxBackend().Capabilities.Filters)
        {
            if (entry.Supported)
                continue;
            Errno expected = entry.Filter switch
            {
                EventFilter.Aio or EventFilter.Lio => Errno.EPERM,
                EventFilter.SendFile => Errno.ENXIO,
                _ => Errno.ENOTSUP,
            };
            Assert.That(q.TryAdd(0, entry.Filter), Is.EqualTo(expected), entry.Filter.ToString());
        }
    }

    [Test]
    public void TimerErrorsFollowTheDialect([ValueSource(nameof(s_dialects))] string name)
    {
        Dialect dialect = Dialect.Find(name)!;
        TestQueue q = NewQueue(dialect);
        Assert.That(Timer(0, -1), Is.EqualTo(dialect.TimerNegative == TimerNegativePolicy.Refused ? Errno.EINVAL : Errno.None), "negative");
        Assert.That(Timer(0, 0), Is.EqualTo(dialect.TimerPeriodZero == TimerZeroPolicy.Refused ? Errno.EINVAL : Errno.None), "zero");
        Assert.That(Timer(TimerNotes.Seconds, long.MaxValue), Is.EqualTo(dialect.TimerOverflow), "too long");
        Assert.That(
            Timer(TimerNotes.Seconds | TimerNotes.Microseconds, 1), Is.EqualTo(dialect.TimerUnitsAreANumber ? Errno.None : Errno.EINVAL), "two units");
        Assert.That(Timer((TimerNotes)0x100, 1), Is.EqualTo(dialect.TimerUnknownNotesAreIgnored ? Errno.None : Errno.EINVAL), "unknown note");

        Errno Timer(TimerNotes notes, long data)
        {
            Errno error = q.Try(new KEvent(1, EventFilter.Timer, EventFlags.Add, (uint)notes, data));
            q.TryDelete(1, EventFilter.Timer);
            return error;
        }
    }

    [Test]
    public void UnsuitableObjectsAreRefused()
    {
        TestQueue q = NewQueue();
        Fd file = Keep(Temp.File("f", 1));
        Fd device = Keep(Fd.Open("/dev/zero", OpenFlags.O_RDONLY));
        Assert.That(q.TryAdd(NewPipe().A, EventFilter.Empty), Is.EqualTo(Errno.EINVAL));
        Assert.That(q.TryAdd(file, EventFilter.Empty), Is.EqualTo(Errno.EINVAL));
        Assert.That(q.TryAdd(file, EventFilter.Except), Is.EqualTo(Errno.EINVAL));
        Assert.That(q.TryAdd(device, EventFilter.Read), Is.EqualTo(Errno.ENODEV));
        Assert.That(q.TryAdd(device, EventFilter.Except), Is.EqualTo(Errno.EINVAL));
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void PipeWithoutReaderFollowsTheDialect([ValueSource(nameof(s_dialects))] string name)
    {
        Dialect dialect = Dialect.Find(name)!;
        TestQueue q = NewQueue(dialect);
        Pair pipe = NewPipe();
        pipe.A.Dispose();
        Assert.That(q.TryAdd(pipe.B, EventFilter.Write), Is.EqualTo(dialect.PipeWithoutReader), "WRITE-PIPE-004");
        Assert.That(q.Queue.KnoteCount, Is.EqualTo(dialect.PipeWithoutReader == Errno.None ? 1 : 0));
    }
}
