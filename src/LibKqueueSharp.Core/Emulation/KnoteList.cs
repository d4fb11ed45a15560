using System.Diagnostics;

namespace LibKqueueSharp.Emulation;

/// <summary>The active knotes in the order in which they became active (ORD-001). Used under the queue's lock.</summary>
internal struct KnoteList
{
    private Knote? _head;
    private Knote? _tail;

    internal readonly Knote? Head => _head;

    internal int Count { get; private set; }

    /// <summary>How many of them the kernel cannot see, so that the queue's descriptor must be made readable for them.</summary>
    internal int Hidden { get; private set; }

    internal void AddTail(Knote kn, bool hidden)
    {
        Debug.Assert(!kn.Is(KnoteStatus.Queued));
        kn.Status |= KnoteStatus.Queued;
        if (hidden)
        {
            kn.Status |= KnoteStatus.Hidden;
            Hidden++;
        }

        kn.Previous = _tail;
        kn.Next = null;
        if (_tail is null)
            _head = kn;
        else
            _tail.Next = kn;
        _tail = kn;
        Count++;
    }

    /// <summary>The kernel no longer sees a queued knote.</summary>
    internal void Hide(Knote kn)
    {
        if (!kn.Is(KnoteStatus.Queued) || kn.Is(KnoteStatus.Hidden))
            return;
        kn.Status |= KnoteStatus.Hidden;
        Hidden++;
    }

    internal void Remove(Knote kn)
    {
        Debug.Assert(kn.Is(KnoteStatus.Queued));
        if (kn.Is(KnoteStatus.Hidden))
            Hidden--;
        kn.Status &= ~(KnoteStatus.Queued | KnoteStatus.Hidden);
        if (kn.Previous is null)
            _head = kn.Next;
        else
            kn.Previous.Next = kn.Next;
        if (kn.Next is null)
            _tail = kn.Previous;
        else
            kn.Next.Previous = kn.Previous;
        kn.Next = kn.Previous = null;
        Count--;
    }
}
