namespace LibKqueueSharp.Linux.Tests.Models.Files;

/// <summary>One queue's registrations of EVFILT_VNODE, by number.</summary>
internal sealed class ModelWatcher
{
    private readonly Dictionary<int, Watched> _watched = [];
    private readonly Dictionary<ModelNode, Interval> _intervals = [];

    internal bool Has(int number) => _watched.ContainsKey(number);

    internal void Happens(ModelNode node, Action<Interval> what)
    {
        if (!_intervals.TryGetValue(node, out Interval? interval))
            _intervals[node] = interval = new Interval(node);
        what(interval);
    }

    /// <summary>EV_ADD; VNODE-010: nothing that happened before is for a new registration.</summary>
    internal void Add(int number, ModelNode node, VnodeNotes notes, EventFlags flags)
    {
        Look();
        if (_watched.TryGetValue(number, out Watched? watched))
            watched.Notes = notes;
        else
            _watched[number] = new Watched(node, flags) { Notes = notes };
    }

    internal void Enable(int number, bool enabled)
    {
        Look();
        _watched[number].Disabled = !enabled;
    }

    internal void Delete(int number)
    {
        Look();
        _watched.Remove(number);
    }

    internal void Closed(int number) => _watched.Remove(number);

    internal VnodeNotes NotesOf(int number) => _watched[number].Notes;

    /// <summary>What is wrong with the events of a call, or null.</summary>
    internal string? Check(IEnumerable<KEvent> events)
    {
        Look();
        HashSet<int> seen = [];
        foreach (KEvent e in events)
        {
            int number = (int)e.Ident;
            if (!_watched.TryGetValue(number, out Watched? watched) || watched.Disabled || !seen.Add(number))
                return $"unexpected {e}";
            VnodeNotes notes = (VnodeNotes)e.FFlags;
            if ((notes & watched.Must) != watched.Must || (notes & ~watched.May) != 0)
                return $"{e}: expected {watched.Must}, and perhaps {watched.May & ~watched.Must}";
            if (watched.Flags == EventFlags.OneShot)
                _watched.Remove(number);
            watched.Disabled = watched.Flags == EventFlags.Dispatch;
            (watched.Must, watched.May) = watched.Flags == EventFlags.Clear ? default : (notes, notes);
        }

        foreach ((int number, Watched watched) in _watched)
        {
            if (watched.Must != 0 && !watched.Disabled && !seen.Contains(number))
                return $"{watched.Must} of {number} is missing";
        }

        return null;
    }

    /// <summary>The queue takes in what happened, as it does before it changes what it watches.</summary>
    internal void Look()
    {
        foreach (Watched watched in _watched.Values)
        {
            if (!_intervals.TryGetValue(watched.Node, out Interval? interval))
                continue;
            (VnodeNotes must, VnodeNotes may) = interval.Notes();
            watched.Must |= must & watched.Notes;
            watched.May |= may & watched.Notes;
        }

        _intervals.Clear();
    }

    private sealed class Watched(ModelNode node, EventFlags flags)
    {
        internal ModelNode Node { get; } = node;

        internal EventFlags Flags { get; } = flags;

        internal VnodeNotes Notes { get; set; }

        internal bool Disabled { get; set; }

        internal VnodeNotes Must { get; set; }

        internal VnodeNotes May { get; set; }
    }
}
