namespace LibKqueueSharp.Tests;

/// <summary>
/// Each error of a change that can be provoked here, in its three forms: a record where there is room, an exception
/// that names the change where there is none, and false from TryApply.
/// </summary>
public sealed class ErrorTests
{
    private static readonly uint s_units = (uint)(TimerNotes.Seconds | TimerNotes.Microseconds);

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case("ClosedDescriptor", Errno.EBADF, new(1 << 20, EventFilter.Read, EventFlags.Add));
        yield return Case("ClosedDescriptorWithoutAdd", Errno.EBADF, new(1 << 20, EventFilter.Read, EventFlags.Delete));
        yield return Case(
            "ClosedDescriptorWithoutAdd", Errno.ENOENT, new(1 << 20, EventFilter.Read, EventFlags.Delete), Dialect.MacOs);
        yield return Case("NegativeDescriptor", Errno.EBADF, new(unchecked((nuint)(-1)), EventFilter.Write, EventFlags.Add));
        yield return Case("DescriptorAboveIntMax", Errno.EBADF, new((nuint)1 << 40, EventFilter.Read, EventFlags.Add));
        yield return Case("DeleteAbsent", Errno.ENOENT, new(5, EventFilter.User, EventFlags.Delete));
        yield return Case("EnableAbsent", Errno.ENOENT, new(5, EventFilter.User, EventFlags.Enable));
        yield return Case("DisableAbsent", Errno.ENOENT, new(5, EventFilter.Timer, EventFlags.Disable));
        yield return Case("TriggerAbsent", Errno.ENOENT, new(5, EventFilter.User, 0, (uint)UserNotes.Trigger));
        yield return Case("ForceOneShotAbsent", Errno.ENOENT, new(5, EventFilter.User, EventFlags.ForceOneShot));
        yield return Case("FilterOutOfRange", Errno.EINVAL, new(5, (EventFilter)(-100), EventFlags.Add));
        yield return Case("FilterPositive", Errno.EINVAL, new(5, (EventFilter)3, EventFlags.Add));
        yield return Case("FilterZero", Errno.EINVAL, new(5, 0, EventFlags.Add), Dialect.OpenBsd);
        yield return Case("FilterZero", Errno.EINVAL, new(5, 0, EventFlags.Add), Dialect.MacOs);
        yield return Case("EnableWithDisable", Errno.EINVAL, new(5, EventFilter.User, (EventFlags)0x0d));
        yield return Case("KeepUDataWithAdd", Errno.EINVAL, new(5, EventFilter.User, EventFlags.Add | EventFlags.KeepUData));
        yield return Case("AddWithDeleteAbsent", Errno.ENOENT, new(5, EventFilter.User, (EventFlags)0x03), Dialect.MacOs);
        yield return Case("TimerNegative", Errno.EINVAL, new(5, EventFilter.Timer, EventFlags.Add, 0, -1));
        yield return Case("TimerTwoUnits", Errno.EINVAL, new(5, EventFilter.Timer, EventFlags.Add, s_units, 1));
        yield return Case("TimerUnknownNote", Errno.EINVAL, new(5, EventFilter.Timer, EventFlags.Add, 0x8000, 1));
        yield return Case("TimerUnknownNote", Errno.EINVAL, new(5, EventFilter.Timer, EventFlags.Add, 0x8000, 1), Dialect.OpenBsd);
        yield return Case("TimerZero", Errno.EINVAL, new(5, EventFilter.Timer, EventFlags.Add), Dialect.NetBsd);
        yield return Case(
            "TimerOverflow", Errno.ERANGE, new(5, EventFilter.Timer, EventFlags.Add, 1, long.MaxValue), Dialect.MacOs);
    }

    private static TestCaseData Case(string hazard, Errno error, KEvent change, Dialect? dialect = null)
    {
        dialect ??= Dialect.FreeBsd;
        return new TestCaseData(error, change, dialect).SetArgDisplayNames(hazard, dialect.Name);
    }

    private static Kqueue Open(Dialect dialect) => new(new KqueueOptions { Dialect = dialect });

    [TestCaseSource(nameof(Refused))]
    public void RefusedChangeIsReportedInEachForm(Errno expected, KEvent change, Dialect dialect)
    {
        using Kqueue queue = Open(dialect);
        AssertRefused(queue, change, expected);
    }

    [Test]
    public void FilterThatIsNotServedIsRefused()
    {
        using Kqueue queue = new();
        using TestPipe pipe = new();
        IEnumerable<EventFilter> missing = Kqueue.Capabilities.Filters.Where(f => !f.Supported).Select(f => f.Filter);
        Assert.That(missing, Does.Contain(EventFilter.SendFile), "no system serves it (SENDFILE-001)");
        foreach (EventFilter filter in missing)
        {
            KEvent change = new(Number(pipe.Reader), filter, EventFlags.Add);
            Assert.Multiple(() =>
            {
                Assert.That(queue.TryApply(change, out Errno error), Is.False, $"{change}");
                Assert.That(error, Is.AnyOf(Errno.EINVAL, Errno.ENOTSUP, Errno.ENXIO, Errno.EPERM), $"{change}");
            });
        }
    }

    [Test]
    public void NoSuchProcessIsRefused()
    {
        using Kqueue queue = new();
        KEvent change = new(int.MaxValue, EventFilter.Process, EventFlags.Add, (uint)ProcessNotes.Exit);
        AssertRefused(queue, change, Serves(EventFilter.Process) ? Errno.ESRCH : Errno.ENOTSUP);
    }

    [Test]
    public void SignalNumberTooLargeIsRefused()
    {
        using Kqueue queue = new();
        AssertRefused(queue, new KEvent(1000, EventFilter.Signal, EventFlags.Add), Serves(EventFilter.Signal) ? Errno.EINVAL : Errno.ENOTSUP);
    }

    [TestCase("freebsd", Errno.EPIPE)]
    [TestCase("netbsd", Errno.EBADF)]
    [TestCase("openbsd", Errno.EPIPE)]
    public void PipeWithoutReaderCannotBeWatchedForWrite(string dialect, Errno expected)
    {
        using Kqueue queue = Open(Dialect.Find(dialect)!);
        using TestPipe pipe = new();
        pipe.CloseReader();
        AssertRefused(queue, new KEvent(Number(pipe.Writer), EventFilter.Write, EventFlags.Add), expected);
    }

    [TestCase(int.MaxValue)]
    [TestCase(1_000_000_000)]
    public void HugeDescriptorNumberIsRefusedWithoutRoomMadeForIt(int number)
    {
        using Kqueue queue = new();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        AssertRefused(queue, new KEvent((nuint)number, EventFilter.Read, EventFlags.Add), Errno.EBADF);
        AssertRefused(queue, new KEvent((nuint)number, EventFilter.Write, EventFlags.Add), Errno.EBADF);
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(50_000_000));
    }

    [Test]
    public void VnodeOnAPipeIsRefused()
    {
        using Kqueue queue = new();
        using TestPipe pipe = new();
        AssertRefused(queue, new KEvent(Number(pipe.Reader), EventFilter.Vnode, EventFlags.Add, 1), Serves(EventFilter.Vnode) ? Errno.EINVAL : Errno.ENOTSUP);
    }

    [Test]
    public void EmptyOnAPipeIsRefused()
    {
        using Kqueue queue = new();
        using TestPipe pipe = new();
        AssertRefused(queue, new KEvent(Number(pipe.Writer), EventFilter.Empty, EventFlags.Add), Errno.EINVAL);
    }

    [TestCase(EventFilter.Read, Errno.EINVAL)]
    [TestCase(EventFilter.Write, Errno.EINVAL)]
    public void QueueCannotWatchItself(EventFilter filter, Errno expected)
    {
        using Kqueue queue = new();
        AssertRefused(queue, new KEvent(Number(queue.Descriptor), filter, EventFlags.Add), expected);
    }

    [Test]
    public void RecordsWithoutRoomForAllFailTheCall()
    {
        using Kqueue queue = new();
        KEvent[] events = new KEvent[1];
        KEvent[] changes =
        [
            new(1, EventFilter.User, EventFlags.Delete),
            new(2, EventFilter.User, EventFlags.Delete),
            new(3, EventFilter.User, EventFlags.Add),
        ];
        KqueueException failure = Assert.Throws<KqueueException>(() => queue.Control(changes, events, TimeSpan.Zero))!;
        Assert.Multiple(() =>
        {
            Assert.That(failure.Error, Is.EqualTo(Errno.ENOENT));
            Assert.That(failure.Change, Is.Null);
            Assert.That(queue.TryDelete(3, EventFilter.User), Is.False, "a change after the failure was applied");
        });
    }

    [TestCase("freebsd", true)]
    [TestCase("netbsd", true)]
    [TestCase("openbsd", false)]
    [TestCase("macos", false)]
    public void InvalidTimeoutIsRefusedInTheOrderOfTheDialect(string dialect, bool changesApplied)
    {
        using Kqueue queue = Open(Dialect.Find(dialect)!);
        KEvent add = new(1, EventFilter.User, EventFlags.Add);
        KqueueException failure = Assert.Throws<KqueueException>(
            () => queue.Control([add], new KEvent[1], TimeSpan.FromSeconds(-5)))!;
        Assert.Multiple(() =>
        {
            Assert.That((failure.Error, failure.Change), Is.EqualTo((Errno.EINVAL, (KEvent?)null)));
            Assert.That(queue.TryDelete(1, EventFilter.User), Is.EqualTo(changesApplied));
        });
    }

    [Test]
    public void InvalidTimeoutIsNotLookedAtWithoutRoom()
    {
        using Kqueue queue = new();
        KEvent add = new(1, EventFilter.User, EventFlags.Add);
        Assert.That(queue.Control([add], [], TimeSpan.FromSeconds(-5)), Is.Zero);
        Assert.That(queue.TryDelete(1, EventFilter.User));
    }

    [Test]
    public void FilterZeroIsSkippedByFreeBsd()
    {
        using Kqueue queue = new();
        KEvent nothing = new(5, 0, EventFlags.Add | EventFlags.Receipt);
        Assert.Multiple(() =>
        {
            Assert.That(queue.Control([nothing], new KEvent[1], TimeSpan.Zero), Is.Zero);
            Assert.That(queue.TryApply(nothing, out Errno error), $"{error}");
        });
    }

    private static bool Serves(EventFilter filter) => Kqueue.Capabilities.Supports(filter);

    private static nuint Number(System.Runtime.InteropServices.SafeHandle handle) => (nuint)handle.DangerousGetHandle();

    private static void AssertRefused(Kqueue queue, KEvent change, Errno expected)
    {
        KEvent[] events = new KEvent[2];
        int count = queue.Control([change], events, TimeSpan.Zero);
        KqueueException failure = Assert.Throws<KqueueException>(() => queue.Apply(change))!;
        bool applied = queue.TryApply(change, out Errno error);
        Assert.Multiple(() =>
        {
            Assert.That(count, Is.EqualTo(1), Support.Text(events));
            Assert.That(events[0].IsRecord, events[0].ToString());
            Assert.That(events[0].Error, Is.EqualTo(expected), events[0].ToString());
            Assert.That(events[0].Ident, Is.EqualTo(change.Ident), events[0].ToString());
            Assert.That((failure.Error, failure.Change), Is.EqualTo((expected, (KEvent?)change)));
            Assert.That((applied, error), Is.EqualTo((false, expected)));
            Assert.That(queue.KnoteCount, Is.Zero, "something was registered");
        });
    }
}
