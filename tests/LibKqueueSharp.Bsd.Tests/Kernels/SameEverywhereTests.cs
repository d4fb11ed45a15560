namespace LibKqueueSharp.Kernels.Tests;

/// <summary>What a queue does in every system, because the dialect that was asked for says so.</summary>
[NonParallelizable]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class SameEverywhereTests
{
    private static readonly string[] s_emulated = ["freebsd", "freebsd11", "netbsd", "openbsd", "macos", "libkqueue"];

    private static IEnumerable<KqueueAbi> Emulated() => s_emulated.Select(name => KqueueAbi.Find(name)!);

    /// <summary>CORE-ADD-022; and the bits of DragonFly's EV_NODATA, macOS's EV_POLL and EV_OOBAND mean nothing to anybody else.</summary>
    [Test]
    public void ActionBitsAreStripped([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi)
    {
        using BackendQueue queue = Abis.Echo(abi, out EchoLibrary c, Dialect.FreeBsd);
        c.Answer(new(1, abi.Filters.ToSystem(EventFilter.Read), 0xb3ff, 0, 5, 0));
        KEvent[] events = new KEvent[1];
        queue.Kevent([], events, KeventTimeout.Zero, null, out _);
        Assert.That(events[0].Flags, Is.EqualTo(EventFlags.OneShot | EventFlags.Clear | EventFlags.Receipt | EventFlags.Dispatch | EventFlags.Eof));
    }

    [Test]
    public void ActionBitsAreShownToThoseWhoAsk()
    {
        using BackendQueue queue = Abis.Echo(KqueueAbi.MacOs, out EchoLibrary c, Dialect.MacOs);
        c.Answer(new(1, -1, 0x3025, 0, 5, 0));
        KEvent[] events = new KEvent[1];
        queue.Kevent([], events, KeventTimeout.Zero, null, out _);
        Assert.That(events[0].Flags, Is.EqualTo(EventFlags.Add | EventFlags.Enable | EventFlags.Clear));
    }

    /// <summary>CALL-ERR-002: macOS adds EV_ERROR to the flags of the change.</summary>
    [Test]
    public void RecordsHaveOneFlag([Values] bool asMacOs)
    {
        using BackendQueue queue = Abis.Echo(KqueueAbi.MacOs, out EchoLibrary c, asMacOs ? Dialect.MacOs : Dialect.FreeBsd);
        c.Answer(new(1, -1, 0x4021, 0, 2, 0));
        KEvent[] events = new KEvent[1];
        queue.Kevent([], events, KeventTimeout.Zero, null, out _);
        Assert.That(events[0].Flags, Is.EqualTo(asMacOs ? EventFlags.Error | EventFlags.Add | EventFlags.Clear : EventFlags.Error));
    }

    /// <summary>PROC-002, PROC-003, PROC-004: the status of a child comes without asking; asking for another's would be EACCES.</summary>
    [TestCase(4711, true, false)]
    [TestCase(4712, false, false)]
    [TestCase(4711, false, true)]
    public void MacOsTellsTheStatusOfChildren(int pid, bool asks, bool asMacOs)
    {
        using BackendQueue queue = Abis.Echo(KqueueAbi.MacOs, out EchoLibrary c, asMacOs ? Dialect.MacOs : Dialect.FreeBsd);
        c.Child(4711);
        queue.Kevent([new KEvent((nuint)pid, EventFilter.Process, EventFlags.Add, (uint)ProcessNotes.Exit)], [], KeventTimeout.Zero, null, out _);
        long exitStatus = Constants.Of(KqueueAbi.MacOs, "NOTE_EXITSTATUS");
        Assert.That((c.Change(0).FFlags & exitStatus) != 0, Is.EqualTo(asks), $"{c.Change(0)}");
        Assert.That(c.Calls, Is.EqualTo(1));

        c.Answer(new(pid, -5, 0x8010, Constants.Of(KqueueAbi.MacOs, "NOTE_EXIT") | exitStatus, 0x300, 0));
        KEvent[] events = new KEvent[1];
        queue.Kevent([], events, KeventTimeout.Zero, null, out _);
        Assert.That((ProcessNotes)events[0].FFlags, Is.EqualTo(asMacOs ? ProcessNotes.Exit | ProcessNotes.ExitStatus : ProcessNotes.Exit));
        Assert.That(events[0].Data, Is.EqualTo(0x300));
    }

    /// <summary>A status that was asked for elsewhere, where it always comes, must not become another note.</summary>
    [Test]
    public void ExitStatusIsAskedOfMacOsOnly([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi)
    {
        RawEvent raw = Abis.Translator(abi).ToSystem(new(1, EventFilter.Process, EventFlags.Add, (uint)(ProcessNotes.Exit | ProcessNotes.ExitStatus)));
        Assert.That((raw.FFlags & (uint)ProcessNotes.ExitStatus) != 0, Is.EqualTo(abi == KqueueAbi.MacOs));
    }

    /// <summary>USER-003, whatever kernel and whatever dialect.</summary>
    [Test]
    public void NewUserEventIsTriggeredAsTheDialectHasIt(
        [ValueSource(nameof(Emulated))] KqueueAbi abi,
        [Values] bool triggers,
        [Values(EventFlags.None, EventFlags.OneShot, EventFlags.Clear, EventFlags.Receipt)] EventFlags more)
    {
        using BackendQueue queue = EmulatedKernel.Backend(abi).CreateQueue(Dialect.FreeBsd with { UserTriggersOnAdd = triggers });
        Assert.That(queue.Dialect.UserTriggersOnAdd, Is.EqualTo(triggers));
        for (int round = 0; round < 3; round++)
        {
            KEvent add = new(9, EventFilter.User, EventFlags.Add | more, (uint)(UserNotes.Trigger | UserNotes.Copy) | 0x21, data: 5, udata: 6);
            KEvent[] records = new KEvent[2];
            int count = queue.Kevent([add], (more & EventFlags.Receipt) != 0 ? records : [], KeventTimeout.Zero, null, out Errno error);
            Assert.That((count, error), Is.EqualTo(((more & EventFlags.Receipt) != 0 ? 1 : 0, Errno.None)), $"{records[0]} {records[1]}");
            Assert.That(Take(queue).Length, Is.EqualTo(triggers ? 1 : 0), $"round {round}");

            // What is registered already is triggered by any EV_ADD.
            if (!triggers || more != EventFlags.OneShot)
            {
                Apply(queue, add with { Flags = EventFlags.Add });
                KEvent e = Take(queue).Single();
                Assert.That((e.Ident, e.UData), Is.EqualTo(((nuint)9, (nint)6)), $"{e}");
            }

            queue.Kevent([new KEvent(9, EventFilter.User, EventFlags.Delete)], new KEvent[1], KeventTimeout.Zero, null, out _);
        }
    }

    /// <summary>CORE-KEEP-001 and CORE-KEEP-002 on every kernel, with the flag or without one.</summary>
    [Test]
    public void KeepUDataKeepsUData([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        using BackendQueue queue = EmulatedKernel.Backend(abi).CreateQueue(Dialect.FreeBsd);
        Apply(queue, new(3, EventFilter.User, EventFlags.Add | EventFlags.Clear, 0, 0, udata: 77));
        Apply(queue, new(3, EventFilter.User, EventFlags.Disable | EventFlags.KeepUData));
        Apply(queue, new(3, EventFilter.User, EventFlags.Enable | EventFlags.KeepUData));
        Apply(queue, new(3, EventFilter.User, EventFlags.KeepUData, (uint)UserNotes.Trigger));
        Assert.That(Take(queue).Single().UData, Is.EqualTo((nint)77));

        queue.Kevent([new KEvent(3, EventFilter.User, EventFlags.Add | EventFlags.KeepUData)], [], KeventTimeout.Zero, null, out Errno error);
        Assert.That(error, Is.EqualTo(Errno.EINVAL), "EV_ADD with EV_KEEPUDATA");

        Apply(queue, new(3, EventFilter.User, EventFlags.Add, (uint)UserNotes.Trigger, 0, udata: 78));
        Assert.That(Take(queue).Single().UData, Is.EqualTo((nint)78), "a re-add gives a new one");
        Apply(queue, new(3, EventFilter.User, EventFlags.KeepUData, (uint)UserNotes.Trigger));
        Assert.That(Take(queue).Single().UData, Is.EqualTo((nint)78));

        queue.Kevent([new KEvent(4, EventFilter.User, EventFlags.KeepUData)], [], KeventTimeout.Zero, null, out error);
        Assert.That(error, Is.EqualTo(Errno.ENOENT), "of what is not registered");
    }

    /// <summary>CORE-FORCE-001: there, or refused in its own place between two changes that are applied.</summary>
    [Test]
    public void ForceOneShotWorksOrIsRefusedInItsPlace([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        BsdBackend backend = EmulatedKernel.Backend(abi);
        using BackendQueue queue = backend.CreateQueue(Dialect.FreeBsd);
        Apply(queue, new(1, EventFilter.User, EventFlags.Add, 0, 0, udata: 5));
        KEvent[] events = new KEvent[4];
        int count = queue.Kevent(
            [
                new(2, EventFilter.User, EventFlags.Add),
                new(1, EventFilter.User, EventFlags.ForceOneShot | EventFlags.KeepUData, 0x12, 13, 14),
                new(3, EventFilter.User, EventFlags.Add),
            ],
            events,
            KeventTimeout.Zero,
            null,
            out _);
        Assert.That(count, Is.EqualTo(1), $"{events[0]}");
        if (abi.Dialect == Dialect.FreeBsd)
            Assert.That((events[0].Ident, events[0].Flags), Is.EqualTo(((nuint)1, EventFlags.OneShot)), $"{events[0]}");
        else
            Assert.That(events[0], Is.EqualTo(new KEvent(1, EventFilter.User, EventFlags.Error, 0x12, (long)Errno.EINVAL, 14)));
        foreach (nuint ident in new nuint[] { 2, 3 })
            Apply(queue, new(ident, EventFilter.User, EventFlags.Delete));
        Assert.That(
            backend.Capabilities.Limits.Single(l => l.Key == "EV_FORCEONESHOT").Value,
            Is.EqualTo(abi.Dialect == Dialect.FreeBsd ? "the kernel's" : "refused"));
    }

    /// <summary>PROC-TRACK-007.</summary>
    [Test]
    public void TrackIsRefusedOnMacOs()
    {
        using BackendQueue queue = EmulatedKernel.Backend(KqueueAbi.MacOs).CreateQueue(Dialect.FreeBsd);
        KEvent[] events = new KEvent[1];
        queue.Kevent(
            [new KEvent((nuint)Environment.ProcessId, EventFilter.Process, EventFlags.Add, (uint)(ProcessNotes.Track | ProcessNotes.Exit))],
            events,
            KeventTimeout.Zero,
            null,
            out _);
        Assert.That(events[0].Error, Is.EqualTo(Errno.ENOTSUP), $"{events[0]}");
    }

    /// <summary>TIMER-001, TIMER-ABS-001: each unit and each point in time, on each kernel; never early.</summary>
    [Test]
    public void TimersCountInTheUnitThatWasMeant(
        [ValueSource(nameof(Emulated))] KqueueAbi abi,
        [Values(TimerNotes.None, TimerNotes.Milliseconds, TimerNotes.Microseconds, TimerNotes.Nanoseconds)] TimerNotes unit,
        [Values] bool absolute)
    {
        using BackendQueue queue = EmulatedKernel.Backend(abi).CreateQueue(Dialect.FreeBsd);
        const long Milliseconds = 20;
        long perMillisecond = unit switch
        {
            TimerNotes.Microseconds => 1_000,
            TimerNotes.Nanoseconds => 1_000_000,
            _ => 1,
        };
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        long start = absolute ? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 1 : 0;
        TimerNotes notes = unit | (absolute ? TimerNotes.Absolute : 0);
        Apply(queue, new(1, EventFilter.Timer, EventFlags.Add | EventFlags.OneShot, (uint)notes, (start + Milliseconds) * perMillisecond));
        KEvent[] events = new KEvent[1];
        Assert.That(queue.Kevent([], events, KeventTimeout.FromTimespec(60, 0), null, out _), Is.EqualTo(1));
        TimeSpan took = System.Diagnostics.Stopwatch.GetElapsedTime(began);
        Assert.That((events[0].Filter, events[0].Data), Is.EqualTo((EventFilter.Timer, 1L)), $"{events[0]}");
        Assert.That(took.TotalMilliseconds, Is.GreaterThanOrEqualTo(Milliseconds), "early");
        Assert.That(took.TotalSeconds, Is.LessThan(15), "another unit");
    }

    /// <summary>What a system lacks is one clear error, and the exception says why.</summary>
    [TestCase("macos", EventFilter.ProcessDescriptor, 0u, "macos has no such filter")]
    [TestCase("freebsd", EventFilter.Except, 0u, "freebsd has no such filter")]
    [TestCase("macos", EventFilter.Vnode, (uint)VnodeNotes.Open, "macos has no such flag or note")]
    [TestCase("openbsd", EventFilter.Vnode, (uint)VnodeNotes.Open, "openbsd has no such flag or note")]
    [TestCase("netbsd", EventFilter.Vnode, (uint)VnodeNotes.Truncate, "netbsd has no such flag or note")]
    [TestCase("netbsd", EventFilter.Read, (uint)ReadWriteNotes.FilePoll, "netbsd has no such flag or note")]
    public void WhatCannotBeHadIsRefused(string abi, EventFilter filter, uint notes, string why)
    {
        using Kqueue queue = Kqueue.Create(EmulatedKernel.Backend(KqueueAbi.Find(abi)!));
        KqueueException refused = Assert.Throws<KqueueException>(() => queue.Apply(new KEvent(1, filter, EventFlags.Add, notes)))!;
        Assert.That(refused.Error, Is.EqualTo(Errno.EINVAL));
        Assert.That(refused.Message, Does.EndWith($"EINVAL (22); {why}"));
    }

    [Test]
    public void DialectOfTheQueueIsTheKernels([ValueSource(nameof(Emulated))] KqueueAbi abi)
    {
        BsdBackend backend = EmulatedKernel.Backend(abi);
        using BackendQueue queue = backend.CreateQueue(Dialect.FreeBsd);
        Assert.That(queue.Dialect.Name, Is.EqualTo(abi.Dialect.Name));
        Assert.That(queue.Dialect.EchoActions, Is.False);
        Assert.That(queue.Dialect.FilterZero, Is.EqualTo(abi.Dialect.FilterZero));
        Assert.That(backend.Capabilities.Dialects, Is.EqualTo(new[] { abi.Dialect.Name }));
    }

    /// <summary>A library of another ABI would be misunderstood without an error, call after call.</summary>
    [TestCase("freebsd", "freebsd11")]
    [TestCase("freebsd11", "freebsd")]
    [TestCase("libkqueue", "macos")]
    [TestCase("libkqueue", "dragonfly")]
    public void WrongAbiIsNoticed(string kernel, string taken)
    {
        EmulatedKernel.Backend(KqueueAbi.Find(kernel)!);
        KqueueAbi abi = KqueueAbi.Find(taken)!;
        BsdBackend backend = new("the emulated kernel", abi, null, new KqueueLibrary(EmulatedKernel.Find, abi));
        KqueueException refused = Assert.Throws<KqueueException>(() => backend.CreateQueue(Dialect.FreeBsd))!;
        Assert.That((refused.Error, refused.Message), Is.EqualTo((Errno.ENOTSUP, $"asking for {taken} failed: the answers have another layout or other numbers")));
        Assert.That(EmulatedKernel.Queues, Is.Zero, "the probe's queue is open");
    }

    /// <summary>A library that is linked with glibc has its aio(3) by dlsym(3): another struct, not to be called.</summary>
    [Test]
    public void AioOfLinuxIsNotFreeBsds()
    {
        nint libc = System.Runtime.InteropServices.NativeLibrary.Load("libc.so.6");
        nint Find(string symbol) => EmulatedKernel.Find(symbol) is not 0 and nint own && !symbol.StartsWith("aio_", StringComparison.Ordinal) ? own
            : System.Runtime.InteropServices.NativeLibrary.TryGetExport(libc, symbol, out nint address) ? address : 0;
        EmulatedKernel.Backend(KqueueAbi.FreeBsd11);
        Assert.That(new KqueueLibrary(Find, KqueueAbi.FreeBsd11).Aio, Is.Null);
    }

    private static void Apply(BackendQueue queue, KEvent change)
    {
        Assert.That(queue.Kevent([change], [], KeventTimeout.Zero, null, out Errno error), Is.Zero, $"{change}: {error}");
    }

    private static KEvent[] Take(BackendQueue queue)
    {
        KEvent[] events = new KEvent[8];
        int count = queue.Kevent([], events, KeventTimeout.Zero, null, out _);
        return events[..count];
    }
}
