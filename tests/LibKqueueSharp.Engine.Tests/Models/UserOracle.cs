namespace LibKqueueSharp.Engine.Tests.Models;

/// <summary>
/// EVFILT_USER in FreeBSD's words, without a queue's machinery: kqueue_register, filt_usertouch and kqueue_scan on plain lists. One
/// liberty, which CORE-ONE-004 leaves open: a queued one-shot is asked again.
/// </summary>
internal sealed class UserOracle
{
    private const uint Low = 0x00ff_ffff;
    private const EventFlags Stored = EventFlags.OneShot | EventFlags.Clear | EventFlags.Dispatch;

    private readonly Dictionary<nuint, Entry> _entries = [];
    private readonly List<Entry> _queue = [];

    internal int Count => _entries.Count;

    internal Errno Register(KEvent change)
    {
        bool add = Has(change, EventFlags.Add);
        if (Has(change, EventFlags.Enable) && Has(change, EventFlags.Disable))
            return Errno.EINVAL;
        if (add && Has(change, EventFlags.KeepUData))
            return Errno.EINVAL;
        if (!_entries.TryGetValue(change.Ident, out Entry? kn))
        {
            if (!add)
                return Errno.ENOENT;
            _entries[change.Ident] = new Entry(change) { Disabled = Has(change, EventFlags.Disable) };
            return Errno.None;
        }

        if (Has(change, EventFlags.Delete))
            Drop(kn);
        else
            Modify(kn, change);
        return Errno.None;
    }

    internal List<KEvent> Scan(int room)
    {
        List<KEvent> taken = [];
        foreach (Entry kn in _queue.ToArray())
        {
            if (taken.Count == room)
                break;
            _queue.Remove(kn);
            if (kn.Disabled)
                continue;
            if (!kn.Triggered && !kn.Forced)
            {
                kn.Active = false;
                continue;
            }

            taken.Add(kn.ToEvent());
            if (kn.Is(EventFlags.OneShot))
                Drop(kn);
            else if (kn.Is(EventFlags.Clear | EventFlags.Dispatch))
                kn.Rest();
            else
                _queue.Add(kn);
        }

        return taken;
    }

    private void Modify(Entry kn, KEvent change)
    {
        if (Has(change, EventFlags.ForceOneShot))
        {
            kn.Flags |= EventFlags.OneShot;
            kn.Forced = kn.Active = true;
            Enqueue(kn);
        }

        if (Has(change, EventFlags.Enable))
            kn.Disabled = false;
        else if (Has(change, EventFlags.Disable))
            kn.Disabled = true;
        if (!Has(change, EventFlags.KeepUData))
            kn.UData = change.UData;
        kn.Touch(change);
        kn.Active |= kn.Triggered && !kn.Disabled;
        Enqueue(kn);
    }

    private void Enqueue(Entry kn)
    {
        if (kn.Active && !kn.Disabled && !_queue.Contains(kn))
            _queue.Add(kn);
    }

    private void Drop(Entry kn)
    {
        _entries.Remove(kn.Ident);
        _queue.Remove(kn);
    }

    private static bool Has(KEvent change, EventFlags flag) => (change.Flags & flag) != 0;

    private sealed class Entry(KEvent created)
    {
        internal nuint Ident { get; } = created.Ident;

        internal EventFlags Flags { get; set; } = created.Flags & Stored;

        internal nint UData { get; set; } = created.UData;

        internal bool Disabled { get; set; }

        internal bool Triggered { get; private set; }

        internal bool Forced { get; set; }

        internal bool Active { get; set; }

        private uint Notes { get; set; } = created.FFlags;

        private long Data { get; set; } = created.Data;

        internal bool Is(EventFlags any) => (Flags & any) != 0;

        internal void Touch(KEvent change)
        {
            Triggered |= (change.FFlags & (uint)UserNotes.Trigger) != 0;
            Triggered &= !Has(change, EventFlags.Clear);
            Data = change.Data;
            Notes = (change.FFlags >> 30) switch
            {
                0 => Notes,
                1 => Notes & change.FFlags & Low,
                2 => Notes | (change.FFlags & Low),
                _ => change.FFlags & Low,
            };
        }

        internal void Rest()
        {
            Active = false;
            Triggered &= !Is(EventFlags.Clear);
            Disabled |= Is(EventFlags.Dispatch);
        }

        internal KEvent ToEvent() => Is(EventFlags.OneShot)
            ? new KEvent(Ident, EventFilter.User, Flags, 0, 0, UData)
            : new KEvent(Ident, EventFilter.User, Flags, Notes, Data, UData);
    }
}
