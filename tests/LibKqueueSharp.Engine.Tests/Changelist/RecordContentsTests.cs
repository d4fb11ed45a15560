using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Changelist;

/// <summary>CALL-ERR-001, CALL-ERR-002, CALL-ERR-009, CORE-RCP-001, CORE-RCP-002: what a record carries.</summary>
public sealed class RecordContentsTests
{
    [TestCase(Dialects.FreeBsd)]
    [TestCase(Dialects.NetBsd)]
    [TestCase(Dialects.OpenBsd)]
    public void RecordOfAFailureHasNoFlagButError(string dialect)
    {
        using TestQueue kq = new(dialect);
        KEvent change = new(7, EventFilter.User, EventFlags.Enable, fflags: 5, data: 6, udata: -8);

        KEvent[] records = kq.Call([change], 1, KeventTimeout.Zero);

        Assert.That(records, Is.EqualTo(new[] { change.Record(Errno.ENOENT) }));
    }

    [TestCase(Dialects.FreeBsd)]
    [TestCase(Dialects.NetBsd)]
    [TestCase(Dialects.OpenBsd)]
    public void ReceiptOfANewRegistrationShowsNoNotes(string dialect)
    {
        using TestQueue kq = new(dialect);
        KEvent change = new(7, EventFilter.User, EventFlags.Add | EventFlags.Receipt, fflags: 5, data: 6, udata: -8);

        KEvent[] records = kq.Call([change], 1, KeventTimeout.Zero);

        Assert.That(records, Is.EqualTo(new[] { (change with { FFlags = 0 }).Record(Errno.None) }));
    }

    [TestCase(Dialects.FreeBsd)]
    [TestCase(Dialects.NetBsd)]
    [TestCase(Dialects.OpenBsd)]
    public void RecordOfAFailedAttachShowsNoNotes(string dialect)
    {
        using TestQueue kq = new(dialect);
        KEvent change = Change.Timer(7, EventFlags.Add, data: 1, (TimerNotes)0x8000, udata: 3);

        KEvent[] records = kq.Call([change], 1, KeventTimeout.Zero);

        Assert.That(records, Is.EqualTo(new[] { (change with { FFlags = 0 }).Record(Errno.EINVAL) }));
    }

    [Test]
    public void MacOsRecordKeepsTheFlagsAndNotesOfItsChange()
    {
        using TestQueue kq = new(Dialects.MacOs);
        KEvent change = new(7, EventFilter.User, EventFlags.Add | EventFlags.Receipt, fflags: 5, data: 6, udata: -8);

        KEvent[] records = kq.Call([change], 1, KeventTimeout.Zero);

        Assert.That(records, Is.EqualTo(new[] { change with { Flags = change.Flags | EventFlags.Error, Data = 0 } }));
    }

    /// <summary>CALL-ERR-014: who feeds an event back as a change must not find its EV_EOF in the record.</summary>
    [TestCase(Dialects.FreeBsd)]
    [TestCase(Dialects.NetBsd)]
    [TestCase(Dialects.OpenBsd)]
    [TestCase(Dialects.MacOs)]
    public void RecordDoesNotRepeatResultFlagsOfTheChange(string dialect)
    {
        using TestQueue kq = new(dialect);

        KEvent[] records = kq.Call([Change.User(7, EventFlags.Add | EventFlags.Receipt | EventFlags.Eof)], 1, KeventTimeout.Zero);

        Expect.Count(records, 1);
        Assert.That(records[0].Flags & EventFlags.Eof, Is.EqualTo(EventFlags.None), records[0].ToString());
    }

    /// <summary>Trace user_trigger_same_call: the touch of a user event masks the notes of the change, and the receipt shows it.</summary>
    [TestCase(Dialects.FreeBsd)]
    [TestCase(Dialects.NetBsd)]
    public void ReceiptOfATriggerShowsNoControlBits(string dialect)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.Clear));
        KEvent change = Change.User(1, EventFlags.Receipt, UserNotes.Trigger | UserNotes.Or | (UserNotes)2);

        KEvent[] records = kq.Call([change], 8, KeventTimeout.Zero);

        Assert.That(records, Is.EqualTo(new[] { (change with { FFlags = 2 }).Record(Errno.None) }));
    }
}
