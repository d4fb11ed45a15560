namespace LibKqueueSharp.Kernels.Tests;

/// <summary>The numbers of the notes, beside the table.</summary>
public sealed class NoteTests
{
    private static IEnumerable<TestCaseData> Notes() =>
        from abi in KqueueAbi.All
        where abi != KqueueAbi.DragonFly
        from note in Constants.Notes
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

    /// <summary>
    /// TIMER-UNIT-003: EINVAL on FreeBSD, macOS and libkqueue, whose kernels see several bits; ORed numbers on NetBSD and OpenBSD; on DragonFly there is
    /// nobody to refuse it but the backend.
    /// </summary>
    [TestCase("freebsd", 0x3u)]
    [TestCase("netbsd", 0x1u)]
    [TestCase("openbsd", 0x1u)]
    [TestCase("macos", 0x7u)]
    [TestCase("libkqueue", 0x7u)]
    [TestCase("dragonfly", null)]
    public void SeveralUnitsAreTheKernelsAffair(string name, uint? expected)
    {
        RawEvent raw = Abis.Translator(KqueueAbi.Find(name)!)
            .ToSystem(new(1, EventFilter.Timer, EventFlags.Add, (uint)(TimerNotes.Seconds | TimerNotes.Milliseconds), data: 5));
        Assert.That(FilterNumbers.IsRefused(raw.Filter), Is.EqualTo(expected is null));
        if (expected is not null)
            Assert.That(raw.FFlags, Is.EqualTo(expected));
    }

    /// <summary>TIMER-UNIT-004: refused by the kernel, or ignored; on macOS 0x20 to 0x100 are notes of its own and must not arrive.</summary>
    [TestCase("freebsd", 0x81e1u)]
    [TestCase("netbsd", 0x81e1u)]
    [TestCase("openbsd", 0x81e1u)]
    [TestCase("macos", 0x8001u)]
    [TestCase("libkqueue", 0x8001u)]
    public void UnknownNotesOfTimersAreTheKernelsAffair(string name, uint expected)
    {
        RawEvent raw = Abis.Translator(KqueueAbi.Find(name)!).ToSystem(new(1, EventFilter.Timer, EventFlags.Add, 0x81e1, data: 5));
        Assert.That(raw.FFlags, Is.EqualTo(expected));
    }

    [Test]
    public void DeletionsAreNeverRefusedForTheirNotes([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi)
    {
        foreach (EventFilter filter in Constants.FilterNames.Keys.Where(abi.Filters.Has))
        {
            RawEvent raw = Abis.Translator(abi).ToSystem(new(1, filter, EventFlags.Delete, uint.MaxValue, data: -1));
            Assert.That(raw.Filter, Is.EqualTo(abi.Filters.ToSystem(filter)), $"{filter}");
        }
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
