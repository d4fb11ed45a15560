using System.Diagnostics;

namespace LibKqueueSharp.Emulation;

/// <summary>
/// Deadlines in order: a heap with four children a node, 16 bytes an entry, so that a million timers fit. A knote knows
/// its place (<see cref="Knote.Position"/>). Used under the queue's lock.
/// </summary>
internal sealed class TimerHeap
{
    private const int Children = 4;

    private Entry[] _entries = [];

    internal int Count { get; private set; }

    /// <summary>The earliest deadline, <see cref="long.MaxValue"/> when there is none.</summary>
    internal long Earliest => Count == 0 ? long.MaxValue : _entries[0].Deadline;

    internal Knote First => _entries[0].Knote;

    internal void Add(Knote kn, long deadline)
    {
        Debug.Assert(kn.Position < 0);
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Math.Max(16, Count * 2));
        Up(Count++, new Entry(deadline, kn));
    }

    internal void Remove(Knote kn)
    {
        if (kn.Position < 0)
            return;
        int hole = kn.Position;
        kn.Position = -1;
        Entry last = _entries[--Count];
        _entries[Count] = default;
        if (hole == Count)
            return;
        if (hole > 0 && last.Deadline < _entries[(hole - 1) / Children].Deadline)
            Up(hole, last);
        else
            Down(hole, last);
    }

    internal bool Holds(Knote kn) => kn.Position >= 0 && kn.Position < Count && _entries[kn.Position].Knote == kn;

    internal long DeadlineOf(Knote kn) => _entries[kn.Position].Deadline;

    internal void MoveFirst(long deadline) => Down(0, new Entry(deadline, _entries[0].Knote));

    private void Up(int at, Entry entry)
    {
        while (at > 0)
        {
            int parent = (at - 1) / Children;
            if (_entries[parent].Deadline <= entry.Deadline)
                break;
            Put(at, _entries[parent]);
            at = parent;
        }

        Put(at, entry);
    }

    private void Down(int at, Entry entry)
    {
        while (true)
        {
            int first = at * Children + 1;
            if (first >= Count)
                break;
            int least = first;
            int end = Math.Min(first + Children, Count);
            for (int child = first + 1; child < end; child++)
            {
                if (_entries[child].Deadline < _entries[least].Deadline)
                    least = child;
            }

            if (_entries[least].Deadline >= entry.Deadline)
                break;
            Put(at, _entries[least]);
            at = least;
        }

        Put(at, entry);
    }

    private void Put(int at, Entry entry)
    {
        _entries[at] = entry;
        entry.Knote.Position = at;
    }

    private readonly record struct Entry(long Deadline, Knote Knote);
}
