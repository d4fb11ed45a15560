using System.Numerics;

namespace LibKqueueSharp.CAbi;

/// <summary>
/// The queues of the process by the numbers that stand for them. Nothing tells of a close(2) or a dup(2), so what the table says of a number
/// is checked against the mark of the file (<see cref="SharedQueue.Mark"/>), which the caller has read from the number.
/// </summary>
internal static class QueueTable
{
    private const int MostLooks = 16;

    private static readonly Lock s_gate = new();

    /// <summary>Who holds it may change the fields below; taken before the lock of any queue.</summary>
    private static readonly List<SharedQueue> s_queues = [];
    private static int s_next;

    /// <summary>Written, and replaced when it grows, under s_gate; read without. A stale entry shows by its mark.</summary>
    private static SharedQueue?[] s_byNumber = new SharedQueue?[64];

    /// <summary>Whether a child of fork(2) loses the queues. Written by any thread, read by the only thread of a child.</summary>
    internal static volatile bool CleansUpAfterFork = true;

    /// <returns>The number of a new queue.</returns>
    /// <exception cref="KqueueException">EMFILE, ENFILE or ENOMEM.</exception>
    internal static int Create()
    {
        lock (s_gate)
        {
            // First, so that what was closed gives its descriptors back before new ones are needed.
            SweepSomeLocked();
            SharedQueue queue = new(FreeMark());
            SharedQueue? stale = At(queue.Number);
            TellOfSharedMark(queue);
            s_queues.Add(queue);
            Set(queue.Number, queue);
            if (stale is not null)
                Sweep(stale);
            return queue.Number;
        }
    }

    /// <summary>The queue that a number stands for, null when it is none.</summary>
    /// <param name="number">A descriptor.</param>
    /// <param name="mark">The mark of its file.</param>
    internal static SharedQueue? Find(int number, int mark)
    {
        SharedQueue?[] table = Volatile.Read(ref s_byNumber);
        return (uint)number < (uint)table.Length && table[number] is { } queue && queue.Mark == mark && !queue.SharesMark ? queue : FindDuplicate(number, mark);
    }

    /// <summary>The number was the queue's, and is not any more.</summary>
    internal static void NumberIsGone(SharedQueue queue, int number)
    {
        lock (s_gate)
        {
            if (At(number) == queue)
                Set(number, null);
            if (!queue.IsAbandoned)
                Sweep(queue);
        }
    }

    /// <summary>Looks whether some of the queues have been closed, each in its turn.</summary>
    internal static void SweepSome()
    {
        lock (s_gate)
            SweepSomeLocked();
    }

    internal static void SweepAll()
    {
        lock (s_gate)
        {
            for (int i = s_queues.Count - 1; i >= 0; i--)
                Sweep(s_queues[i]);
        }
    }

    /// <summary>KQ-FORK-001: a child has none of the queues.</summary>
    internal static void AbandonAll()
    {
        if (s_queues.Count == 0)
            return;
        Native.CloseQueues();
        SharedQueue?[] table = s_byNumber;
        for (int number = 0; number < table.Length; number++)
        {
            if (table[number] is { } queue && queue.Mark == Native.GetMark(number))
                Native.Close(number);
        }

        foreach (SharedQueue queue in s_queues)
            queue.AbandonInChild();
        s_queues.Clear();
        Array.Clear(table);
    }

    private static SharedQueue? At(int number) => number < s_byNumber.Length ? s_byNumber[number] : null;

    private static void Set(int number, SharedQueue? queue)
    {
        SharedQueue?[] table = s_byNumber;
        if (number >= table.Length)
        {
            Array.Resize(ref table, Math.Max(number + 1, table.Length * 2));
            Volatile.Write(ref s_byNumber, table);
        }

        Volatile.Write(ref table[number], queue);
    }

    private static SharedQueue? FindDuplicate(int number, int mark)
    {
        lock (s_gate)
        {
            SharedQueue? stale = At(number);
            if (stale is not null && stale.IsAt(number))
                return stale;
            foreach (SharedQueue queue in s_queues)
            {
                if (queue.Mark != mark || !queue.IsAt(number))
                    continue;
                Set(number, queue);
                return queue;
            }

            if (stale is not null)
            {
                Set(number, null);
                Sweep(stale);
            }

            return null;
        }
    }

    private static void SweepSomeLocked()
    {
        for (int looks = Math.Min(MostLooks, s_queues.Count); looks > 0 && s_queues.Count != 0; looks--)
        {
            s_next = s_next == 0 ? s_queues.Count - 1 : Math.Min(s_next, s_queues.Count) - 1;
            Sweep(s_queues[s_next]);
        }
    }

    private static void Sweep(SharedQueue queue)
    {
        if (queue.IsOpen())
            return;
        s_queues.Remove(queue);
        SharedQueue?[] table = s_byNumber;
        for (int number = 0; number < table.Length; number++)
        {
            if (table[number] == queue)
                table[number] = null;
        }

        queue.Abandon();
    }

    // A mark of its own for each queue, while there are no more than marks.
    private static int FreeMark()
    {
        ulong used = 0;
        foreach (SharedQueue queue in s_queues)
            used |= 1UL << (queue.Mark - 1);
        return used == ulong.MaxValue ? 1 + (s_queues.Count % SharedQueue.Marks) : 1 + BitOperations.TrailingZeroCount(~used);
    }

    private static void TellOfSharedMark(SharedQueue added)
    {
        foreach (SharedQueue queue in s_queues)
        {
            if (queue.Mark == added.Mark)
                added.SharesMark = queue.SharesMark = true;
        }
    }
}
