using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>EVFILT_PROC and EVFILT_PROCDESC.</summary>
internal static partial class Scenarios
{
    private const ProcessNotes Exit = ProcessNotes.Exit;
    private const ProcessNotes ExitStatus = ProcessNotes.ExitStatus;
    private const ProcessNotes Fork = ProcessNotes.Fork;
    private const ProcessNotes Exec = ProcessNotes.Exec;
    private const ProcessNotes Track = ProcessNotes.Track;
    private const ProcessNotes TrackError = ProcessNotes.TrackError;
    private const EventFlags Over = EventFlags.Clear | EventFlags.Eof | EventFlags.OneShot;
    private const long PidFdOpen = 434;

    /// <summary>A shell that forks a child, says its id, and is a program that reaps nobody from then on.</summary>
    private const string Neglecting = "exec 3<&0; (read go <&3; exit 8) & echo $!; exec /bin/sleep 100";

    private static (string Name, Action<Trial> Run)[] OfProcesses =>
    [
        ("exit", ProcessExit),
        ("exit-unasked", ProcessExitUnasked),
        ("exit-of-a-zombie", ProcessZombie),
        ("exit-of-another's", t => ProcessOfAnother(t, reaped: false)),
        ("exit-reaped", t => ProcessOfAnother(t, reaped: true)),
        ("exit-status", ProcessStatus),
        ("exit-added-again", ProcessAddedAgain),
        ("exit-rebuilt", ProcessRebuilt),
        ("procdesc", ProcessDescriptor),
        ("forks", Forks),
        ("forks-tracked", ForksTracked),
        ("forks-tracked-and-gone", ForksTrackedAndGone),
        ("forks-rebuilt", ForksRebuilt),
    ];

    private static KEvent Exited(int id, long status, ProcessNotes notes = Exit) =>
        new((nuint)id, EventFilter.Process, Over, (uint)notes, status);

    private static void AddProcess(Trial t, TestQueue q, int id, ProcessNotes notes, EventFlags flags = 0) =>
        t.Add(q, id, EventFilter.Process, flags, (uint)notes);

    private static void ProcessExit(Trial t)
    {
        TestQueue q = t.NewQueue();
        Child child = t.Keep(Child.Exiting(3));
        Child other = t.Keep(Child.Exiting(4));
        AddProcess(t, q, child.Id, Exit);
        AddProcess(t, q, other.Id, Exit);
        Trial.ExpectSilence(q);
        t.Delete(q, other.Id, EventFilter.Process);
        foreach (Child c in (Child[])[child, other])
        {
            c.Go();
            c.WaitDead();
        }

        Trial.Expect(q, Exited(child.Id, 3 << 8));
        Assert.That(q.TryDelete(child.Id, EventFilter.Process), Is.EqualTo(Errno.ENOENT));
        Trial.ExpectSleep(q);
    }

    private static void ProcessExitUnasked(Trial t)
    {
        TestQueue q = t.NewQueue();
        Child child = t.Keep(Child.Exiting(3));
        AddProcess(t, q, child.Id, ProcessNotes.None);
        child.Go();
        child.WaitDead();
        Trial.ExpectSilence(q);
        Eventually.Holds(
            () =>
            {
                q.Poll();
                return q.TryDelete(child.Id, EventFilter.Process) == Errno.ENOENT;
            },
            "the end of the registration");
    }

    private static void ProcessZombie(Trial t)
    {
        TestQueue q = t.NewQueue();
        Child child = t.Keep(Child.Zombie(5));
        AddProcess(t, q, child.Id, Exit);
        Trial.Expect(q, Exited(child.Id, 5 << 8));
        Assert.That(child.Reap(), Is.EqualTo(5 << 8));
    }

    /// <summary>A process that is nobody's child here: /proc tells the status of a zombie, and the kernel that of one that was reaped.</summary>
    private static void ProcessOfAnother(Trial t, bool reaped)
    {
        TestQueue q = t.NewQueue();
        Child parent = t.Keep(Child.Start(reaped ? "exec 3<&0; (read go <&3; exit 8) & echo $!; wait; echo reaped; read go" : Neglecting));
        int id = parent.ReadNumber();
        AddProcess(t, q, id, Exit);
        Trial.ExpectSilence(q);
        parent.Go();
        if (reaped)
            Assert.That(parent.ReadLine(), Is.EqualTo("reaped"));
        else
            Eventually.Holds(() => Child.IsDead(id), "the death of the grandchild");
        bool known = !reaped || Environment.OSVersion.Version >= new Version(6, 15);
        List<KEvent> found = [.. Arm(q), .. Arm(q)];
        Eventually.Holds(() => found.Count != 0 || Arm(q).Select(Added).Any(), "the exit");
        bool hidden = Faults.HasHit && Faults.Call is "open" or "read";
        Assert.That(found.Single(), Is.EqualTo(Exited(id, known ? 8 << 8 : 0)).Or.EqualTo(Exited(id, hidden ? 0 : 8 << 8)));
        KEvent Added(KEvent e)
        {
            found.Add(e);
            return e;
        }
    }

    private static void ProcessStatus(Trial t)
    {
        TestQueue q = t.NewQueue(witness: false, Dialect.MacOs);
        Child child = t.Keep(Child.Exiting(3));
        AddProcess(t, q, child.Id, Exit | ExitStatus);
        child.Go();
        child.WaitDead();
        ExpectProcess(q, child.Id, Exit | ExitStatus);
    }

    private static void ProcessAddedAgain(Trial t)
    {
        TestQueue q = t.NewQueue();
        Child child = t.Keep(Child.Exiting(6));
        AddProcess(t, q, child.Id, Exit, EventFlags.Disable);
        AddProcess(t, q, child.Id, Exit, EventFlags.Disable);
        child.Go();
        child.WaitDead();
        Trial.ExpectSilence(q);
        Assert.That(child.Reap(), Is.EqualTo(6 << 8));
        AddProcess(t, q, child.Id, Exit);
        Trial.Apply(q, child.Id, EventFilter.Process, EventFlags.Enable, (uint)Exit);
        Trial.Expect(q, Exited(child.Id, 6 << 8));
    }

    private static void ProcessRebuilt(Trial t)
    {
        TestQueue q = t.NewQueue();
        Child child = t.Keep(Child.Exiting(3));
        Child other = t.Keep(Child.Exiting(4));
        q.Add(child.Id, EventFilter.Process, 0, (uint)Exit);
        q.Add(other.Id, EventFilter.Process, 0, (uint)Exit);
        GetRidOfAnOrphan(t, q);
        child.Go();
        child.WaitDead();
        Trial.Expect(q, Exited(child.Id, 3 << 8));
        Trial.ExpectSleep(q);
    }

    private static void ProcessDescriptor(Trial t)
    {
        TestQueue q = t.NewQueue();
        foreach (ProcessNotes notes in (ProcessNotes[])[Exit, ProcessNotes.None])
        {
            Child child = t.Keep(Child.Exiting(3));
            Fd pidfd = t.Keep(Fd.Opened((int)Posix.SystemCall(PidFdOpen, child.Id, 0)));
            t.Add(q, pidfd, EventFilter.ProcessDescriptor, fflags: (uint)notes);
            Trial.ExpectSilence(q);
            child.Go();
            child.WaitDead();
            if (notes == Exit)
                Trial.Expect(q, new KEvent((nuint)(int)pidfd, EventFilter.ProcessDescriptor, Over, (uint)Exit, 3 << 8));
            else
                Trial.ExpectSilence(q);
        }

        Fd file = t.Keep(t.Temp.File("f", 1));
        Faults.Armed(() => Assert.That(q.TryAdd(file, EventFilter.ProcessDescriptor), Is.EqualTo(Errno.EINVAL)));
    }

    private static void Forks(Trial t)
    {
        if (!ProcessConnector.IsAvailable())
            return;
        TestQueue q = t.NewQueue();
        Child child = t.Keep(Child.Start("read go; (exit 1); echo forked; read go; exec /bin/sh -c 'echo executed; read go; exit 5'"));
        AddProcess(t, q, child.Id, Exit);
        AddProcess(t, q, child.Id, Fork | Exec | Exit);
        Assert.That(Arm(q).Concat(Arm(q)).Where(e => (e.FFlags & (uint)TrackError) == 0), Is.Empty);
        child.Go();
        Assert.That(child.ReadLine(), Is.EqualTo("forked"));
        ExpectProcess(q, child.Id, Fork);
        child.Go();
        Assert.That(child.ReadLine(), Is.EqualTo("executed"));
        ExpectProcess(q, child.Id, Exec);
        child.Go();
        child.WaitDead();
        ExpectProcess(q, child.Id, Exit);
        Trial.ExpectSleep(q);
    }

    private static void ForksTracked(Trial t)
    {
        if (!ProcessConnector.IsAvailable())
            return;
        TestQueue q = t.NewQueue();
        Child child = t.Keep(Child.Start("exec 3<&0; read go; (read go <&3; exit 8) & echo $!; wait; echo over; read go; exit 3"));
        AddProcess(t, q, child.Id, Track | Exit);
        child.Go();
        int grandchild = child.ReadNumber();
        List<KEvent> events = [];
        Eventually.Holds(() => More(q, events).Any(e => (e.FFlags & (uint)(ProcessNotes.Child | TrackError)) != 0), () => string.Join(' ', events));
        bool isTracked = events.Any(e => (int)e.Ident == grandchild);
        Assert.That(isTracked || Faults.HasHit, string.Join(' ', events));
        child.Go();
        Assert.That(child.ReadLine(), Is.EqualTo("over"));
        if (isTracked)
            Eventually.Holds(() => More(q, events).Any(e => (int)e.Ident == grandchild && (e.FFlags & (uint)Exit) != 0), () => string.Join(' ', events));
        child.Go();
        child.WaitDead();
        Eventually.Holds(() => More(q, events).Any(e => (int)e.Ident == child.Id && (e.FFlags & (uint)Exit) != 0), () => string.Join(' ', events));
        Trial.ExpectSleep(q);
    }

    private static void ForksTrackedAndGone(Trial t)
    {
        if (!ProcessConnector.IsAvailable())
            return;
        TestQueue q = t.NewQueue();
        Child child = t.Keep(Child.Start("read go; (exit 7); echo over; read go"));
        AddProcess(t, q, child.Id, Track | Exit);
        child.Go();
        Assert.That(child.ReadLine(), Is.EqualTo("over"));
        List<KEvent> events = [];
        Eventually.Holds(
            () => More(q, events).Any(e => (e.FFlags & (uint)Exit) != 0) || events.Any(e => (e.FFlags & (uint)TrackError) != 0), () => string.Join(' ', events));
        Assert.That(events.Any(e => e.Data == 7 << 8) || Faults.HasHit, string.Join(' ', events));
        t.Delete(q, child.Id, EventFilter.Process);
        Trial.ExpectSleep(q);
    }

    private static void ForksRebuilt(Trial t)
    {
        if (!ProcessConnector.IsAvailable())
            return;
        TestQueue q = t.NewQueue();
        Child child = t.Keep(Child.Start("read go; (exit 1); echo forked; read go"));
        q.Add(child.Id, EventFilter.Process, 0, (uint)Fork);
        GetRidOfAnOrphan(t, q);
        child.Go();
        Assert.That(child.ReadLine(), Is.EqualTo("forked"));
        ExpectProcess(q, child.Id, Fork);
        t.Delete(q, child.Id, EventFilter.Process);
        Trial.ExpectSleep(q);
    }

    /// <summary>What else is told with NOTE_TRACKERR may not have happened.</summary>
    private static void ExpectProcess(TestQueue q, int id, ProcessNotes notes)
    {
        List<KEvent> events = [];
        Eventually.Holds(() => More(q, events).Any(e => ((ProcessNotes)e.FFlags & notes) == notes), () => $"{notes} of {id}; there was {string.Join(' ', events)}");
        Assert.That(
            events.Where(e => ((ProcessNotes)e.FFlags & ~notes) != 0 && (e.FFlags & (uint)TrackError) == 0), Is.Empty, "came and should not");
    }

    private static List<KEvent> More(TestQueue q, List<KEvent> events)
    {
        events.AddRange(Arm(q));
        return events;
    }
}
