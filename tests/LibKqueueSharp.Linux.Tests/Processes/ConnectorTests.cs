using LibKqueueSharp.Linux.Tests.Deviations;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests.Processes;

/// <summary>What a program gets that has no right to the process connector, and that the capabilities say so beforehand.</summary>
internal sealed class ConnectorTests : LinuxFixture
{
    private static readonly LinuxBackend s_closed = new(TimeProvider.System, connectorRoom: 0);
    private static readonly ProcessNotes[] s_notes = [ProcessNotes.Fork, ProcessNotes.Exec, ProcessNotes.Track, ProcessNotes.Exit | ProcessNotes.Fork];

    [Test, Deviation("forks-need-the-connector")]
    public void ForksAreRefusedWithoutIt([ValueSource(nameof(s_notes))] ProcessNotes notes)
    {
        TestQueue q = Keep(new TestQueue(null, s_closed));
        KEvent add = new((nuint)Environment.ProcessId, EventFilter.Process, EventFlags.Add, (uint)notes);
        Assert.That(q.Try(add), Is.EqualTo(Errno.ENOTSUP));
        Assert.That((q.Queue.KnoteCount, q.Queue.DescriptorCount), Is.EqualTo((0, 2)), "nothing is left behind");
        KqueueException failure = new(Errno.ENOTSUP, add, q.Queue.Explain(Errno.ENOTSUP, add));
        Assert.That(failure.Message, Does.Contain("ENOTSUP").And.Contain("process connector").And.Contain("CAP_NET_ADMIN"));
    }

    [Test]
    public void ExitsNeedNone()
    {
        Child child = Keep(Child.Exiting(3));
        TestQueue q = Keep(new TestQueue(null, s_closed));
        q.Add(child.Id, EventFilter.Process, 0, (uint)ProcessNotes.Exit);
        KEvent more = new((nuint)child.Id, EventFilter.Process, EventFlags.Add, (uint)(ProcessNotes.Exit | ProcessNotes.Fork));
        Assert.That(q.Try(more), Is.EqualTo(Errno.ENOTSUP));
        child.Go();
        Assert.That(q.WaitOne(), Is.EqualTo(ExitTests.Exited(child.Id, 3 << 8)), "the registration is as it was");
    }

    [Test]
    public void CapabilitiesSayWhatAddAnswers([Values] bool closed)
    {
        LinuxBackend backend = closed ? s_closed : new LinuxBackend();
        FilterCapability capability = backend.Capabilities.Filters.Single(f => f.Filter == EventFilter.Process);
        Assert.That(capability.Supported);
        Assert.That(capability.Notes, Does.Contain("NOTE_EXIT"));
        TestQueue q = Keep(new TestQueue(null, backend));
        foreach ((ProcessNotes note, string name) in ((ProcessNotes, string)[])
            [(ProcessNotes.Fork, "NOTE_FORK"), (ProcessNotes.Exec, "NOTE_EXEC"), (ProcessNotes.Track, "NOTE_TRACK")])
        {
            Errno error = q.Try(new KEvent((nuint)Environment.ProcessId, EventFilter.Process, EventFlags.Add, (uint)note));
            Assert.That(error, Is.EqualTo(capability.Notes.Contains(name) ? Errno.None : Errno.ENOTSUP), name);
        }

        Assert.That(capability.Notes.Contains("NOTE_FORK"), Is.EqualTo(!closed && ProcessConnector.IsAvailable()));
        if (closed)
            Assert.That(capability.Remark, Does.Contain("process connector").And.Contain("CAP_NET_ADMIN"));
    }
}
