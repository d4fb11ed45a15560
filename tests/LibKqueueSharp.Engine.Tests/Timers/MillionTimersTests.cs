using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Timers;

/// <summary>Many timers in one queue, TIMER-010, ORD-001.</summary>
public sealed class MillionTimersTests
{
    private const int Count = 1_000_000;
    private const int Batch = 4096;

    [Test]
    public void MillionTimersFireInTheOrderOfTheirDeadlines()
    {
        using TestQueue kq = new();
        Random random = new(3);
        KEvent[] changes = new KEvent[Batch];
        for (int added = 0; added < Count;)
        {
            int size = Math.Min(Batch, Count - added);
            for (int i = 0; i < size; i++, added++)
            {
                // The ident tells the deadline, and 1024 timers may share one.
                int microseconds = random.Next(1, Count);
                nuint ident = ((nuint)microseconds << 20) | (nuint)added;
                changes[i] = Change.Timer(ident, EventFlags.Add | EventFlags.OneShot, microseconds, TimerNotes.Microseconds);
            }

            kq.Apply(changes.AsSpan(0, size));
        }

        int fired = FireAll(kq);

        Assert.That(fired, Is.EqualTo(Count));
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
        Assert.That(kq.Queue.Timers.Count, Is.Zero);
    }

    private static int FireAll(TestQueue kq)
    {
        long start = kq.Clock.Now;
        KEvent[] events = new KEvent[Batch];
        ulong last = 0;
        int fired = 0;
        while (kq.Queue.KnoteCount != 0)
        {
            int count = kq.Queue.Kevent([], events, KeventTimeout.Infinite, null, out _);
            ulong now = (ulong)(kq.Clock.Now - start) / 1000;
            for (int i = 0; i < count; i++)
            {
                ulong deadline = (ulong)events[i].Ident >> 20;
                if (deadline < last || deadline > now || events[i].Data != 1)
                    Assert.Fail($"{events[i]} after one of {last} us, at {now} us");
                last = deadline;
            }

            fired += count;
            kq.Clock.AdvanceMilliseconds(1);
        }

        return fired;
    }
}
