namespace LibKqueueSharp.Emulation;

/// <summary>
/// The hash of knotes whose ident is not a descriptor (KN_HASH in the kernel): chained through
/// <see cref="Knote.Link"/>, 8 bytes a bucket and nothing else a knote. Used under the queue's lock.
/// </summary>
internal sealed class KnoteTable
{
    private const int SmallestSize = 16;

    private Knote?[] _buckets = new Knote?[SmallestSize];

    internal int Count { get; private set; }

    internal Knote? Find(nuint ident, EventFilter filter)
    {
        Knote? kn = _buckets[Bucket(ident, filter)];
        while (kn is not null && (kn.Ident != ident || kn.Filter.Number != filter))
            kn = kn.Link;
        return kn;
    }

    internal void Add(Knote kn)
    {
        if (Count == _buckets.Length)
            Resize(_buckets.Length * 2);
        ref Knote? bucket = ref _buckets[Bucket(kn.Ident, kn.Filter.Number)];
        kn.Link = bucket;
        bucket = kn;
        Count++;
    }

    internal void Remove(Knote kn)
    {
        ref Knote? at = ref _buckets[Bucket(kn.Ident, kn.Filter.Number)];
        while (at != kn)
            at = ref at!.Link;
        at = kn.Link;
        kn.Link = null;
        Count--;
    }

    /// <summary>Any knote, or null when the table is empty; for closing the queue.</summary>
    internal Knote? Any(ref int bucket)
    {
        for (; bucket < _buckets.Length; bucket++)
        {
            if (_buckets[bucket] is { } kn)
                return kn;
        }

        return null;
    }

    private int Bucket(nuint ident, EventFilter filter)
    {
        ulong mixed = ((ulong)ident ^ (ulong)(ushort)filter << 48) * 0x9E37_79B9_7F4A_7C15;
        return (int)(mixed >> 32) & (_buckets.Length - 1);
    }

    private void Resize(int size)
    {
        Knote?[] old = _buckets;
        _buckets = new Knote?[size];
        foreach (Knote? first in old)
        {
            for (Knote? kn = first; kn is not null;)
            {
                Knote? next = kn.Link;
                ref Knote? bucket = ref _buckets[Bucket(kn.Ident, kn.Filter.Number)];
                kn.Link = bucket;
                bucket = kn;
                kn = next;
            }
        }
    }
}
