using LibKqueueSharp.Emulation;
using LibKqueueSharp.Engine.Tests.Simulation;
using LibKqueueSharp.Engine.Tests.Threads;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Engine.Tests.Aio;

/// <summary>EVFILT_AIO and EVFILT_LIO over operations that end when the test says so (clauses AIO-001 to LIO-003).</summary>
public sealed class AioRegistrationTests
{
    // Of Windows, 0 is no handle.
    private static readonly SafeFileHandle s_file = new(7, ownsHandle: false);

    [Test]
    public void EventsComeInTheOrderOfTheEnds()
    {
        using TestQueue kq = new();
        AioJob[] jobs = [.. Enumerable.Range(0, 4).Select(_ => Submit(kq))];
        foreach (int i in (int[])[2, 0, 3, 1])
            kq.Poller.End(jobs[i], i);
        KEvent[] events = kq.Poll();
        Expect.Idents(events, jobs[2].Ident, jobs[0].Ident, jobs[3].Ident, jobs[1].Ident);
        Assert.That(events[0], Is.EqualTo(Done(jobs[2])));
    }

    [Test]
    public void FlagsAreThoseOfTheSubmissionAndTheDialect([Values] bool oneShot, [ValueSource(typeof(Dialects), nameof(Dialects.All))] string dialect)
    {
        using TestQueue kq = new(dialect);
        AioJob job = Submit(kq, oneShot ? EventFlags.OneShot : EventFlags.None, udata: 7);
        kq.Poller.End(job, 3);
        EventFlags attributes = dialect == Dialects.MacOs ? EventFlags.OneShot | EventFlags.Clear
            : oneShot ? EventFlags.OneShot : EventFlags.None;
        EventFlags shown = Dialects.Shown(dialect, EventFlags.Add | EventFlags.Enable) | attributes | EventFlags.Eof;
        Assert.That(kq.Poll(), Is.EqualTo(new[] { new KEvent(job.Ident, EventFilter.Aio, shown, udata: 7) }));
        bool isGone = (attributes & EventFlags.OneShot) != 0;
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(isGone ? 0 : 1));
    }

    [Test]
    public void EndWhileDisabledIsRemembered()
    {
        using TestQueue kq = new();
        AioJob job = Submit(kq);
        kq.Apply(new KEvent(job.Ident, EventFilter.Aio, EventFlags.Disable));
        kq.Poller.End(job, 3);
        Assert.That(kq.Poll(), Is.Empty);
        kq.Apply(new KEvent(job.Ident, EventFilter.Aio, EventFlags.Enable));
        Assert.That(kq.Poll(), Is.EqualTo(new[] { Done(job) }));
    }

    [Test]
    public void ResultThatIsTakenBeforeTheQueueKnowsOfTheEndLeavesNoEvent()
    {
        using TestQueue kq = new();
        AioJob job = Submit(kq);
        kq.Poller.EndUnseen(job, 3);
        Assert.That((job.Return(out Errno error), error), Is.EqualTo((3L, Errno.None)));
        job.Post();
        Assert.That(kq.Poll(), Is.Empty);
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void QueueThatClosesBeforeTheEndIsLeftAlone()
    {
        TestQueue kq = new();
        AioJob job = Submit(kq);
        kq.Dispose();
        Assert.That(kq.Poller.End(job, 3), Is.True);
        Assert.That(job.Error, Is.EqualTo(Errno.None));
        Assert.That((job.Return(out Errno error), error), Is.EqualTo((3L, Errno.None)));
    }

    [Test]
    public void RefusedSubmissionLeavesNothing([Values] bool byTheFile)
    {
        using TestQueue kq = new();
        if (byTheFile)
            kq.Poller.NextCheck = Errno.EBADF;
        else
            kq.Poller.NextStart = Errno.ENOMEM;
        Assert.That(kq.Queue.SubmitAio(Control(), out Errno error), Is.Null);
        Assert.That(error, Is.EqualTo(byTheFile ? Errno.EBADF : Errno.ENOMEM));
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
        for (int i = 0; i < kq.Poller.MostAio; i++)
            Submit(kq);
        Assert.That(kq.Queue.SubmitAio(Control(), out error), Is.Null);
        Assert.That(error, Is.EqualTo(Errno.EAGAIN), "the refused ones do not count");
        kq.Poller.End(kq.Poller.Jobs[0], 0);
        Submit(kq);
    }

    [Test]
    public void ForcedOneShotDeliversWhatIsNotDone()
    {
        using TestQueue kq = new();
        AioJob job = Submit(kq);
        kq.Apply(new KEvent(job.Ident, EventFilter.Aio, EventFlags.ForceOneShot));
        Expect.Idents(kq.Poll(), job.Ident);
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
        kq.Poller.End(job, 1);
        Assert.That(kq.Poll(), Is.Empty);
    }

    [Test]
    public void ListEndsWithItsLastMember()
    {
        using TestQueue kq = new();
        BackendAioList list = kq.Queue.SubmitAioList([Control(), Control() with { IsSilent = true }, Control()], 5, out Errno error)!;
        Assert.That(error, Is.EqualTo(Errno.None));
        AioJob[] jobs = [.. list.Members.Cast<AioJob>()];
        kq.Poller.End(jobs[1], 1);
        Assert.That(kq.Poll(), Is.Empty, "a silent member");
        kq.Poller.End(jobs[2], 1);
        Expect.Idents(kq.Poll(), jobs[2].Ident);
        kq.Poller.End(jobs[0], 1);
        Expect.IdentsInAnyOrder(kq.Poll(), jobs[0].Ident, jobs[2].Ident, list.Ident);
        Assert.That(kq.Poll().Single(e => e.Filter == EventFilter.Lio), Is.EqualTo(new KEvent(list.Ident, EventFilter.Lio, EventFlags.None, udata: 5)));
        foreach (AioJob job in jobs)
            job.Abandon();
        Assert.That(kq.Poll(), Is.Empty);
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void ListWhoseLastResultIsTakenBeforeTheQueueKnowsLeavesNoEvent()
    {
        using TestQueue kq = new();
        BackendAioList list = kq.Queue.SubmitAioList([Control() with { IsSilent = true }], 5, out _)!;
        AioJob job = (AioJob)list.Members[0]!;
        kq.Poller.EndUnseen(job, 1);
        job.Return(out _);
        job.Post();
        Assert.That(kq.Poll(), Is.Empty);
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void MembersThatFailToStartDoNotHoldTheListUp()
    {
        using TestQueue kq = new();
        kq.Poller.NextStart = Errno.EAGAIN;
        BackendAioList list = kq.Queue.SubmitAioList([Control(), Control()], 5, out Errno error)!;
        Assert.That((error, list.Errors[0], list.Errors[1]), Is.EqualTo((Errno.EIO, Errno.EAGAIN, Errno.None)));
        kq.Poller.End((AioJob)list.Members[1]!, 1);
        Expect.IdentsInAnyOrder(kq.Poll(), list.Members[1]!.Ident, list.Ident);
    }

    [Test]
    public void EndAgainstSleep([Values(1, 3)] int waiters)
    {
        const int rounds = 2_000;
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        int taken = 0;
        crew.StartWaiters(waiters, room: 1, _ => Interlocked.Increment(ref taken));
        for (int round = 1; round <= rounds; round++)
        {
            AioJob job = Submit(kq, EventFlags.OneShot);
            kq.Poller.End(job, 1);
            crew.Until(() => Volatile.Read(ref taken) == round, $"round {round}");
        }

        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    private static AioControl Control(EventFlags flags = EventFlags.None, nint udata = 0) =>
        new() { Operation = AioOperation.Read, File = s_file, Buffer = new byte[8], Flags = flags, UData = udata };

    private static AioJob Submit(TestQueue kq, EventFlags flags = EventFlags.None, nint udata = 0)
    {
        BackendAio? aio = kq.Queue.SubmitAio(Control(flags, udata), out Errno error);
        Assert.That(error, Is.EqualTo(Errno.None));
        return (AioJob)aio!;
    }

    private static KEvent Done(AioJob job) => new(job.Ident, EventFilter.Aio, EventFlags.Eof);
}
