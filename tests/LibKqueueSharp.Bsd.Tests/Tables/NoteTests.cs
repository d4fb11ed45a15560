namespace LibKqueueSharp.Kernels.Tests;

/// <summary>The numbers of the notes, beside the table.</summary>
public sealed class NoteTests
{
    private static readonly (EventFilter Filter, uint Ours, string Name)[] s_notes =
    [
        (EventFilter.Read, (uint)ReadWriteNotes.LowWater, "NOTE_LOWAT"),
        (EventFilter.Write, (uint)ReadWriteNotes.LowWater, "NOTE_LOWAT"),
        (EventFilter.Except, (uint)ReadWriteNotes.OutOfBand, "NOTE_OOB"),
        (EventFilter.Vnode, (uint)VnodeNotes.Delete, "NOTE_DELETE"),
        (EventFilter.Vnode, (uint)VnodeNotes.Write, "NOTE_WRITE"),
        (EventFilter.Vnode, (uint)VnodeNotes.Extend, "NOTE_EXTEND"),
        (EventFilter.Vnode, (uint)VnodeNotes.Attributes, "NOTE_ATTRIB"),
        (EventFilter.Vnode, (uint)VnodeNotes.Link, "NOTE_LINK"),
        (EventFilter.Vnode, (uint)VnodeNotes.Rename, "NOTE_RENAME"),
        (EventFilter.Vnode, (uint)VnodeNotes.Revoke, "NOTE_REVOKE"),
        (EventFilter.Vnode, (uint)VnodeNotes.Open, "NOTE_OPEN"),
        (EventFilter.Vnode, (uint)VnodeNotes.Close, "NOTE_CLOSE"),
        (EventFilter.Vnode, (uint)VnodeNotes.CloseWrite, "NOTE_CLOSE_WRITE"),
        (EventFilter.Vnode, (uint)VnodeNotes.Read, "NOTE_READ"),
        (EventFilter.Vnode, (uint)VnodeNotes.Truncate, "NOTE_TRUNCATE"),
        (EventFilter.Process, (uint)ProcessNotes.Exit, "NOTE_EXIT"),
        (EventFilter.Process, (uint)ProcessNotes.Fork, "NOTE_FORK"),
        (EventFilter.Process, (uint)ProcessNotes.Exec, "NOTE_EXEC"),
        (EventFilter.Process, (uint)ProcessNotes.Track, "NOTE_TRACK"),
        (EventFilter.Process, (uint)ProcessNotes.TrackError, "NOTE_TRACKERR"),
        (EventFilter.Process, (uint)ProcessNotes.Child, "NOTE_CHILD"),
        (EventFilter.User, (uint)UserNotes.Trigger, "NOTE_TRIGGER"),
        (EventFilter.User, (uint)UserNotes.And, "NOTE_FFAND"),
        (EventFilter.User, (uint)UserNotes.Or, "NOTE_FFOR"),
        (EventFilter.User, (uint)UserNotes.Copy, "NOTE_FFCOPY"),
        (EventFilter.User, (uint)UserNotes.ControlMask, "NOTE_FFCTRLMASK"),
        (EventFilter.User, (uint)UserNotes.FlagsMask, "NOTE_FFLAGSMASK"),
        (EventFilter.Timer, (uint)TimerNotes.Seconds, "NOTE_SECONDS"),
        (EventFilter.Timer, (uint)TimerNotes.Microseconds, "NOTE_USECONDS"),
        (EventFilter.Timer, (uint)TimerNotes.Nanoseconds, "NOTE_NSECONDS"),
        (EventFilter.Timer, (uint)TimerNotes.Absolute, "NOTE_ABSTIME"),
    ];

    private static IEnumerable<TestCaseData> Notes() =>
        from abi in KqueueAbi.All
        where abi != KqueueAbi.DragonFly
        from note in s_notes
        where abi.Filters.Has(note.Filter)
        select new TestCaseData(abi, note.Filter, note.Ours, note.Name).SetArgDisplayNames(abi.Name, note.Filter.ToString(), note.Name);

    [TestCaseSource(nameof(Notes))]
    public void NumberIsTheSystems(KqueueAbi abi, EventFilter filter, uint ours, string name)
    {
        long? expected = Constants.Find(abi, name) ?? (name == "NOTE_ABSTIME" ? Constants.Find(abi, "NOTE_ABSOLUTE") : null);
        if (abi == KqueueAbi.LibKqueue && filter == EventFilter.Except)
            expected = ours;
        Translator translator = Abis.Translator(abi);
        RawEvent raw = translator.ToSystem(new(1, filter, EventFlags.Add, ours, data: 5));
        if (expected is null)
        {
            Assert.That(FilterNumbers.IsRefused(raw.Filter), $"{name} was sent as 0x{raw.FFlags:x}");
            return;
        }

        Assert.That(raw.FFlags, Is.EqualTo((uint)expected));
        raw.Flags = 0;
        Assert.That(translator.FromSystem(raw).FFlags, Is.EqualTo(ours), "on the way back");
    }

    /// <summary>NOTE_MSECONDS is a bit, 0 or nothing at all (TIMER-UNIT-002).</summary>
    [Test]
    public void MillisecondsAreTheDefaultEverywhere([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi)
    {
        RawEvent spelled = Abis.Translator(abi).ToSystem(new(1, EventFilter.Timer, EventFlags.Add, (uint)TimerNotes.Milliseconds, data: 5));
        RawEvent usual = Abis.Translator(abi).ToSystem(new(1, EventFilter.Timer, EventFlags.Add, 0, data: 5));
        Assert.That(spelled.Data, Is.EqualTo(5));
        Assert.That(usual.FFlags, Is.Zero);
        Assert.That(spelled.FFlags, Is.EqualTo(Constants.Find(abi, "NOTE_MSECONDS") ?? 0));
    }

    [Test]
    public void SeveralUnitsAreRefused([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi)
    {
        RawEvent raw = Abis.Translator(abi).ToSystem(new(1, EventFilter.Timer, EventFlags.Add, 0x3, data: 5));
        if (abi.Timers == TimerEncoding.Ours)
            Assert.That(raw.FFlags, Is.EqualTo(3), "FreeBSD refuses it itself");
        else
            Assert.That(FilterNumbers.IsRefused(raw.Filter), $"{raw.Filter}, 0x{raw.FFlags:x}");
    }

    [TestCase(TimerNotes.Seconds, 2, 2_000)]
    [TestCase(TimerNotes.None, 7, 7)]
    [TestCase(TimerNotes.Milliseconds, 7, 7)]
    [TestCase(TimerNotes.Microseconds, 1, 1)]
    [TestCase(TimerNotes.Microseconds, 1_001, 2)]
    [TestCase(TimerNotes.Nanoseconds, 1, 1)]
    [TestCase(TimerNotes.Nanoseconds, 1_000_001, 2)]
    [TestCase(TimerNotes.Nanoseconds, 0, 0)]
    [TestCase(TimerNotes.Seconds, -1, -1_000)]
    [TestCase(TimerNotes.Seconds, long.MaxValue, long.MaxValue)]
    public void DragonFlyCountsMillisecondsAndIsNeverEarly(TimerNotes unit, long data, long expected)
    {
        RawEvent raw = Abis.Translator(KqueueAbi.DragonFly).ToSystem(new(1, EventFilter.Timer, EventFlags.Add, (uint)unit, data));
        Assert.That((raw.FFlags, raw.Data), Is.EqualTo((0u, expected)));
    }

    [Test]
    public void DragonFlyWaitsUntilAPointInTime()
    {
        long inOneHour = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds();
        RawEvent raw = Abis.Translator(KqueueAbi.DragonFly).ToSystem(new(1, EventFilter.Timer, EventFlags.Add, (uint)TimerNotes.Absolute, inOneHour));
        Assert.That(raw.Data, Is.InRange(3_590_000, 3_600_001));
        Assert.That(raw.Flags, Is.EqualTo((uint)(EventFlags.Add | EventFlags.OneShot)), "it would repeat");
        raw = Abis.Translator(KqueueAbi.DragonFly).ToSystem(new(1, EventFilter.Timer, EventFlags.Add, (uint)TimerNotes.Absolute, 5));
        Assert.That(raw.Data, Is.EqualTo(1), "a point in the past");
    }

    /// <summary>Bits 0x100 and 0x200 are EV_UDATA_SPECIFIC and EV_VANISHED on macOS.</summary>
    [Test]
    public void FlagsOfFreeBsdAreNeverSentToOthers(
        [ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi,
        [Values(EventFlags.ForceOneShot, EventFlags.KeepUData)] EventFlags flag,
        [Values] bool asFreeBsd)
    {
        if (abi.Dialect == Dialect.FreeBsd && abi != KqueueAbi.DragonFly)
            return;
        Translator translator = Abis.Translator(abi, asFreeBsd ? Dialect.FreeBsd : abi.Dialect, Abis.Full(abi) with { KeepsUData = false, ForcesOneShot = false });
        foreach (EventFlags flags in new[] { flag, flag | EventFlags.Add, flag | EventFlags.Delete })
        {
            RawEvent raw = translator.ToSystem(new(1, EventFilter.Read, flags));
            Assert.That(raw.Flags & 0x300, Is.Zero, $"{flags}: 0x{raw.Flags:x}");
        }
    }
}
