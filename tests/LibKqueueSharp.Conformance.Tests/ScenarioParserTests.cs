namespace LibKqueueSharp.Conformance.Tests;

public sealed class ScenarioParserTests
{
    [Test]
    public void CommentsAndEmptyLinesKeepTheirNumbers()
    {
        Scenario scenario = Scenario.Parse("s", "# first\n\nkq k   # a queue\r\n  pipe p\n");
        Assert.That(scenario.Commands.Select(c => (c.Line, c.Text)), Is.EqualTo(((int, string)[])[(3, "kq k"), (4, "pipe p")]));
    }

    [Test]
    public void OptionsAreApartFromArguments()
    {
        ScenarioCommand command = Only("add k vnode f EV_ADD|EV_CLEAR fflags=NOTE_WRITE|NOTE_LINK udata=-3");
        Assert.That(command.Arguments, Is.EqualTo((string[])["k", "vnode", "f", "EV_ADD|EV_CLEAR"]));
        Assert.That(command.Options["fflags"], Is.EqualTo("NOTE_WRITE|NOTE_LINK"));
        Assert.That(command.NumberOption("udata"), Is.EqualTo(-3));
    }

    [TestCase("launch p")]
    [TestCase("pipe")]
    [TestCase("pipe p q")]
    [TestCase("kevent k mx=3")]
    [TestCase("kevent k max=3 max=4")]
    public void MisspeltLineIsRefusedWithItsNumber(string line) => Assert.That(
        () => Scenario.Parse("odd", "kq k\n" + line),
        Throws.TypeOf<ScenarioFormatException>().With.Message.Contains("odd").And.Message.Contains("line 2"));

    [TestCase("20ms", 20_000_000)]
    [TestCase("500us", 500_000)]
    [TestCase("1s", 1_000_000_000)]
    [TestCase("7", 7_000_000)]
    [TestCase("0", 0)]
    public void DurationsHaveUnits(string text, long nanoseconds) => Assert.That(Durations.Parse(text), Is.EqualTo(nanoseconds));

    [Test]
    public void DurationWithoutNumberIsRefused() => Assert.That(() => Durations.Parse("soon"), Throws.TypeOf<ScenarioFormatException>());

    [Test]
    public void TimeoutNoneWaitsForEver() => Assert.That(Durations.ToTimeout("none"), Is.EqualTo(KeventTimeout.Infinite));

    [Test]
    public void NegativeTimeoutIsInvalid() => Assert.That(Durations.ToTimeout("-1ms").IsValid, Is.False);

    [Test]
    public void OneNumberHasDifferentNamesWithDifferentFilters()
    {
        Assert.That(NoteNames.Format(EventFilter.Read, 1), Is.EqualTo((string[])["NOTE_LOWAT"]));
        Assert.That(NoteNames.Format(EventFilter.Vnode, 1), Is.EqualTo((string[])["NOTE_DELETE"]));
        Assert.That(NoteNames.Format(EventFilter.Timer, 1), Is.EqualTo((string[])["NOTE_SECONDS"]));
        Assert.That(NoteNames.Format(EventFilter.User, 1), Is.EqualTo((string[])["0x1"]));
    }

    [Test]
    public void NamesAndNumbersJoin()
    {
        Assert.That(NoteNames.TryParse(EventFilter.User, "NOTE_TRIGGER|NOTE_FFCOPY|0x5", out uint notes, out _), Is.True);
        Assert.That(notes, Is.EqualTo(0xc100_0005));
    }

    [Test]
    public void NameOfAnotherFilterIsUnknown()
    {
        Assert.That(NoteNames.TryParse(EventFilter.Timer, "NOTE_SECONDS|NOTE_WRITE", out _, out string unknown), Is.False);
        Assert.That(unknown, Is.EqualTo("NOTE_WRITE"));
    }

    [TestCase("read", EventFilter.Read)]
    [TestCase("proc", EventFilter.Process)]
    [TestCase("77", (EventFilter)77)]
    [TestCase("-99", (EventFilter)(-99))]
    public void FiltersAreNamesOrNumbers(string text, EventFilter expected)
    {
        Assert.That(FilterNames.TryParse(text, out EventFilter filter), Is.True);
        Assert.That(filter, Is.EqualTo(expected));
    }

    [TestCase("pipe p", ScenarioNeeds.Pipes)]
    [TestCase("udp u\nadd k read u EV_ADD", ScenarioNeeds.Sockets)]
    [TestCase("mkfile /t/f\nopen f /t/f\nadd k vnode f EV_ADD", ScenarioNeeds.Files | ScenarioNeeds.Vnode)]
    [TestCase("add k proc self EV_ADD\nsigign 30", ScenarioNeeds.Processes | ScenarioNeeds.Signals)]
    [TestCase("kq k\nadd k timer 1 EV_ADD\nadd k user 1 EV_ADD", ScenarioNeeds.Timers | ScenarioNeeds.UserEvents)]
    [TestCase("kq k\nkq j", ScenarioNeeds.SeveralQueues)]
    [TestCase("kq k\nclose k\nkq k", ScenarioNeeds.None)]
    public void NeedsFollowFromTheCommands(string text, ScenarioNeeds needs) =>
        Assert.That(Scenario.Parse("s", text).Needs, Is.EqualTo(needs));

    private static ScenarioCommand Only(string line) => Scenario.Parse("s", line).Commands.Single();
}
