using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests.Aio;

/// <summary>Lists of operations (LIO-001 to LIO-004).</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class AioListTests(bool usesIoUring) : AioFixture(usesIoUring)
{
    [Test]
    public void OneEventWhenAllAreDone()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        Fd file = NumberedFile(10);
        BackendAioList list = SubmitList(q, 9, Silent(Read(file, new byte[10])), Silent(Read(pipe.A, new byte[4])), Silent(Write(pipe.B, new byte[0])));
        AwaitEnd(list.Members[0]!);
        q.ExpectSilence("one is under way");
        pipe.B.Write(4);
        KEvent expected = new(list.Ident, EventFilter.Lio, EventFlags.None, udata: 9);
        Assert.That(q.WaitOne(), Is.EqualTo(expected), "LIO-001");
        Assert.That(q.WaitOne(), Is.EqualTo(expected), "level-triggered");
        ExpectResult(list.Members[0]!, 10);
        ExpectResult(list.Members[1]!, 4);
        Assert.That(q.WaitOne(), Is.EqualTo(expected), "one result is left");
        ExpectResult(list.Members[2]!, 0);
        Assert.That(q.Queue.KnoteCount, Is.Zero);
        q.ExpectNothing();
    }

    [Test]
    public void MembersHaveTheirOwnEvents()
    {
        TestQueue q = NewQueue();
        Fd file = NumberedFile(10);
        BackendAioList list = SubmitList(q, 9, Read(file, new byte[10], udata: 1), Write(file, new byte[5], 20, udata: 2));
        KEvent[] expected =
        [
            Done(list.Members[0]!, udata: 1), Done(list.Members[1]!, udata: 2), new(list.Ident, EventFilter.Lio, EventFlags.None, udata: 9),
        ];
        q.Settle(expected);
        foreach (BackendAio? member in list.Members)
            member!.Abandon();
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void MemberThatCannotBeSubmittedHoldsNobodyUp()
    {
        TestQueue q = NewQueue();
        Fd file = NumberedFile(10);
        AioControl[] controls = [Silent(Read(file, new byte[10])), Silent(Read(file, new byte[10], -1)), Read(-1, new byte[10])];
        BackendAioList? list = q.Queue.SubmitAioList(controls, 9, out Errno error);
        Assert.That(error, Is.EqualTo(Errno.EIO));
        Assert.That(list!.Errors, Is.EqualTo(new[] { Errno.None, Errno.EINVAL, Errno.EBADF }));
        Assert.That(list.Members.Select(m => m is null), Is.EqualTo(new[] { false, true, true }));
        Assert.That(q.WaitOne().Ident, Is.EqualTo(list.Ident));
        ExpectResult(list.Members[0]!, 10);
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void ListWithoutAMemberHasNoEvent()
    {
        TestQueue q = NewQueue();
        Assert.That(q.Queue.SubmitAioList([], 0, out Errno error), Is.Null);
        Assert.That(error, Is.EqualTo(Errno.EINVAL));
        BackendAioList? list = q.Queue.SubmitAioList([Read(-1, new byte[10])], 0, out error);
        Assert.That((list!.Members[0], error), Is.EqualTo(((BackendAio?)null, Errno.EIO)));
        Assert.That(q.Queue.KnoteCount, Is.Zero);
        q.ExpectNothing();
    }

    [Test]
    public void LettingGoOfAllMembersTakesTheEvent()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        BackendAioList list = SubmitList(q, 0, Read(pipe.A, new byte[1]), Read(pipe.A, new byte[1]));
        foreach (BackendAio? member in list.Members)
            member!.Abandon();
        q.ExpectSilence();
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void CancelledMembersEndTheList()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        BackendAioList list = SubmitList(q, 0, Silent(Read(pipe.A, new byte[1])), Silent(Read(pipe.A, new byte[1])));
        foreach (BackendAio? member in list.Members)
            Assert.That(member!.Cancel(), Is.EqualTo(AioCancelResult.Canceled));
        Assert.That(q.WaitOne().Ident, Is.EqualTo(list.Ident));
        foreach (BackendAio? member in list.Members)
            ExpectResult(member!, -1, Errno.ECANCELED);
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void BufferThatRefusesLeavesNothingOfTheList()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        using CountedBuffer buffer = new(4);
        using CountedBuffer refusing = new(4) { Refuses = true };
        Assert.That(
            () => q.Queue.SubmitAioList([Read(pipe.A, buffer.Memory), Silent(Read(pipe.A, refusing.Memory))], 9, out _),
            Throws.TypeOf<NotSupportedException>());
        Assert.That((q.Queue.KnoteCount, buffer.Pins), Is.EqualTo((0, 0)));
        pipe.B.Write(4);
        q.ExpectSilence();
        Assert.That(pipe.A.Readable(), Is.EqualTo(4), "nobody could take the result");
    }

    private static AioControl Silent(AioControl control) => control with { IsSilent = true };

    private static BackendAioList SubmitList(TestQueue q, nint udata, params AioControl[] controls)
    {
        BackendAioList? list = q.Queue.SubmitAioList(controls, udata, out Errno error);
        Assert.That(error, Is.EqualTo(Errno.None));
        return list!;
    }
}
