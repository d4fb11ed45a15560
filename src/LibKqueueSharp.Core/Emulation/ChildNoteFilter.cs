namespace LibKqueueSharp.Emulation;

/// <summary>
/// The entry that reports a new child, where it is one of its own (PROC-TRACK-003): same ident and filter as the registration of the
/// child, delivered once, and gone with that registration. It is not found by changes.
/// </summary>
internal sealed class ChildNoteFilter(EmulatedQueue queue) : Filter(queue, EventFilter.Process)
{
    private readonly KnoteTable _notes = new();

    internal override void Insert(Knote kn) => _notes.Add(kn);

    internal override void Remove(Knote kn) => _notes.Remove(kn);

    internal override Errno Attach(Knote kn)
    {
        kn.FFlags = (uint)ProcessNotes.Child;
        kn.Data = kn.SavedData;
        return Errno.None;
    }

    internal override Errno Detach(Knote kn) => Errno.None;

    internal override bool Event(Knote kn) => true;

    internal void Drop(nuint child)
    {
        if (_notes.Find(child, Number) is { } kn)
            Queue.Discard(kn);
    }
}
