using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Threads;

/// <summary>Interrupt ends the one wait that carries its token, with 0; nobody else notices.</summary>
public sealed class InterruptTests
{
    [Test]
    public void EndsExactlyTheOneWait([Values(0, 1, 3)] int which, [Values] bool withTimer)
    {
        const int waiters = 4;
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        if (withTimer)
            kq.Apply(Change.Timer(1, EventFlags.Add, data: 3600, TimerNotes.Seconds));
        WaitCancellation[] tokens = [.. Enumerable.Range(0, waiters).Select(_ => new WaitCancellation())];
        (int Result, Errno Error)[] answers = [.. Enumerable.Repeat((-7, Errno.None), waiters)];
        crew.Start(waiters, i =>
        {
            int result = kq.Queue.Kevent([], new KEvent[1], KeventTimeout.Infinite, tokens[i], out Errno error);
            answers[i] = (result, error);
        });
        crew.UntilSleeping(waiters);

        kq.Queue.Interrupt(tokens[which]);
        crew.Until(() => answers[which].Result != -7, "the interrupted wait");
        crew.UntilSleeping(waiters - 1);
        int sleeps = kq.Poller.Sleeps;
        Thread.Sleep(20);
        Assert.That(kq.Poller.Sleeps - sleeps, Is.LessThanOrEqualTo(waiters), "the others sleep, they do not spin");
        kq.Dispose();
        crew.Join();

        for (int i = 0; i < waiters; i++)
            Assert.That(answers[i], Is.EqualTo(i == which ? (0, Errno.None) : (-1, Errno.EBADF)), $"waiter {i}");
    }

    [Test]
    public void WaitThatComesLaterEndsAtOnce_ItsChangesApplied()
    {
        using TestQueue kq = new();
        WaitCancellation token = new();
        kq.Queue.Interrupt(token);

        int result = kq.Queue.Kevent(
            [Change.User(1, EventFlags.Add)], new KEvent[1], KeventTimeout.Infinite, token, out Errno error);

        Assert.That((result, error), Is.EqualTo((0, Errno.None)));
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(1));
        Assert.That(kq.Poller.Sleeps, Is.Zero);
    }

    [Test]
    public void EventsAreNotLostByIt([Values] bool withSource)
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.Clear));
        if (withSource)
            kq.Apply(Change.Read(3, EventFlags.Add));
        WaitCancellation token = new();
        kq.Poller.After(10, () =>
        {
            kq.Queue.Interrupt(token);
            kq.Apply(Change.Trigger(1));
        });
        KEvent[] events = new KEvent[1];

        int taken = kq.Queue.Kevent([], events, KeventTimeout.Infinite, token, out Errno error);

        Assert.That(error, Is.EqualTo(Errno.None));
        Assert.That(taken + kq.Poll().Length, Is.EqualTo(1));
    }

    /// <summary>The token decides nothing about a call that need not wait, whatever is registered.</summary>
    [Test]
    public void CallThatNeedNotWaitTakesItsEvents([Values] bool withSource)
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Apply(Change.User(1, EventFlags.Add), Change.Trigger(1));
        if (withSource)
            kq.Apply(Change.Read(3, EventFlags.Add));
        WaitCancellation token = new();
        kq.Queue.Interrupt(token);

        int result = kq.Queue.Kevent([], new KEvent[1], KeventTimeout.Infinite, token, out Errno error);

        Assert.That((result, error), Is.EqualTo((1, Errno.None)));
    }

    [Test]
    public void SecondInterruptHasNoEffect()
    {
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        WaitCancellation token = new();
        crew.Start(() => kq.Queue.Kevent([], new KEvent[1], KeventTimeout.Infinite, token, out _));
        crew.UntilSleeping(1);

        kq.Queue.Interrupt(token);
        kq.Queue.Interrupt(token);
        crew.Join();
        kq.Queue.Interrupt(token);

        crew.StartWaiters(1, room: 1, _ => { });
        crew.UntilSleeping(1);
        int sleeps = kq.Poller.Sleeps;
        Thread.Sleep(20);
        Assert.That(kq.Poller.Sleeps - sleeps, Is.LessThanOrEqualTo(1), "it sleeps, it does not spin");
    }

    /// <summary>Two who interrupt at once must not both count, or the sleepers would look for a waiter that has left, for ever.</summary>
    [Test]
    public void OnlyOneOfManyRequestsIsTheFirst()
    {
        WaitCancellation[] tokens = [.. Enumerable.Range(0, 50_000).Select(_ => new WaitCancellation())];
        int[] firsts = new int[2];
        int[] reached = new int[2];
        void RequestAll(int self)
        {
            for (int i = 0; i < tokens.Length; i++)
            {
                Volatile.Write(ref reached[self], i);
                SpinWait spinner = default;
                while (Volatile.Read(ref reached[1 - self]) < i)
                    spinner.SpinOnce(sleep1Threshold: -1);
                firsts[self] += tokens[i].Request() ? 1 : 0;
            }

            Volatile.Write(ref reached[self], tokens.Length);
        }

        Thread other = new(() => RequestAll(1));
        other.Start();
        RequestAll(0);
        other.Join();

        Assert.That(firsts.Sum(), Is.EqualTo(tokens.Length));
        Assert.That(tokens, Has.All.Property(nameof(WaitCancellation.IsRequested)).True);
    }

    [Test]
    public void InterruptAgainstGoingToSleep([Values(0, 2)] int otherWaiters)
    {
        const int rounds = 5_000;
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        WaitCancellation[] tokens = [.. Enumerable.Range(0, rounds).Select(_ => new WaitCancellation())];
        int started = -1;
        int ended = -1;
        crew.StartWaiters(otherWaiters, room: 1, _ => { });
        crew.Start(() =>
        {
            KEvent[] events = new KEvent[1];
            for (int round = 0; round < rounds; round++)
            {
                Volatile.Write(ref started, round);
                int result = kq.Queue.Kevent([], events, KeventTimeout.Infinite, tokens[round], out Errno error);
                if ((result, error) != (0, Errno.None))
                    throw new InvalidOperationException($"{result} {error}");
                Volatile.Write(ref ended, round);
            }
        });

        for (int round = 0; round < rounds; round++)
        {
            crew.Until(() => Volatile.Read(ref started) == round, $"start of round {round}");
            Thread.SpinWait(round % 200);
            kq.Queue.Interrupt(tokens[round]);
            crew.Until(() => Volatile.Read(ref ended) == round, $"end of round {round}");
        }

        // Each bystander may take the wake-up once before it reaches the one that it is for.
        Assert.That(kq.Poller.Wakes, Is.LessThanOrEqualTo(rounds * (1 + otherWaiters) * 2));
    }
}
