using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Engine.Tests.Structures;

/// <summary>The heap of deadlines, against a sorted list.</summary>
public sealed class TimerHeapTests
{
    [Property(MaxTest = 300)]
    public void BehavesLikeASortedList((byte Operation, int Deadline, ushort Which)[] operations)
    {
        TimerHeap heap = new();
        List<(long Deadline, Knote Knote)> oracle = [];

        foreach ((byte operation, int deadline, ushort which) in operations)
        {
            switch (operation % 4)
            {
                case 0 or 1:
                    Knote added = new() { Position = -1 };
                    heap.Add(added, deadline);
                    oracle.Add((deadline, added));
                    break;
                case 2 when oracle.Count != 0:
                    Knote removed = oracle[which % oracle.Count].Knote;
                    heap.Remove(removed);
                    oracle.RemoveAll(entry => entry.Knote == removed);
                    Assert.That(removed.Position, Is.Negative);
                    break;
                case 3 when oracle.Count != 0:
                    Knote first = heap.First;
                    heap.MoveFirst(deadline);
                    oracle.RemoveAll(entry => entry.Knote == first);
                    oracle.Add((deadline, first));
                    break;
            }

            Check(heap, oracle);
        }

        Drain(heap, oracle);
    }

    /// <summary>The last entry comes from under another node, and can be earlier than all above the hole.</summary>
    [Test]
    public void WhatFillsAHoleMayHaveToMoveUp()
    {
        TimerHeap heap = new();
        List<(long Deadline, Knote Knote)> oracle = [];
        foreach (long deadline in new[] { 0, 100, 2, 50, 60, 101, 102, 103, 104, 3, 4, 5, 6 })
        {
            Knote added = new() { Position = -1 };
            heap.Add(added, deadline);
            oracle.Add((deadline, added));
        }

        Knote removed = oracle.Single(entry => entry.Deadline == 101).Knote;
        heap.Remove(removed);
        oracle.RemoveAll(entry => entry.Knote == removed);
        Drain(heap, oracle);
    }

    [Test]
    public void RemovingWhatIsNotThereDoesNothing()
    {
        TimerHeap heap = new();
        Knote kn = new() { Position = -1 };
        heap.Remove(kn);
        heap.Add(kn, 5);
        heap.Remove(kn);
        heap.Remove(kn);

        Assert.That((heap.Count, heap.Earliest), Is.EqualTo((0, long.MaxValue)));
    }

    [Test]
    public void ExtremeDeadlinesHaveTheirPlace()
    {
        TimerHeap heap = new();
        foreach (long deadline in new[] { 0, long.MaxValue - 1, long.MinValue, 1, -1 })
            heap.Add(new Knote { Position = -1, State = deadline }, deadline);

        List<long> order = [];
        while (heap.Count != 0)
        {
            Assert.That(heap.Earliest, Is.EqualTo(heap.First.State));
            order.Add(heap.Earliest);
            heap.Remove(heap.First);
        }

        Assert.That(order, Is.EqualTo(new[] { long.MinValue, -1, 0, 1, long.MaxValue - 1 }));
    }

    private static void Check(TimerHeap heap, List<(long Deadline, Knote Knote)> oracle)
    {
        Assert.That(heap.Count, Is.EqualTo(oracle.Count));
        Assert.That(heap.Earliest, Is.EqualTo(oracle.Count == 0 ? long.MaxValue : oracle.Min(entry => entry.Deadline)));
        Assert.That(oracle.Select(entry => entry.Knote.Position), Is.EquivalentTo(Enumerable.Range(0, oracle.Count)));
    }

    private static void Drain(TimerHeap heap, List<(long Deadline, Knote Knote)> oracle)
    {
        foreach (long deadline in oracle.Select(entry => entry.Deadline).Order())
        {
            Assert.That(heap.Earliest, Is.EqualTo(deadline));
            Assert.That(oracle, Does.Contain((deadline, heap.First)));
            heap.Remove(heap.First);
        }

        Assert.That(heap.Count, Is.Zero);
    }
}
