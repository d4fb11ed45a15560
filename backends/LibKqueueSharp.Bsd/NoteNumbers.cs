namespace LibKqueueSharp.Kernels;

/// <summary>Translates the notes of a system's filters but for timers. Ours are FreeBSD's, with one or two of the others.</summary>
internal sealed record NoteNumbers
{
    private const uint ExitStatus = (uint)ProcessNotes.ExitStatus;
    private const uint FilePoll = (uint)ReadWriteNotes.FilePoll;
    private const uint OurOutOfBand = (uint)ReadWriteNotes.OutOfBand;
    private const uint OurTruncate = (uint)VnodeNotes.Truncate;
    private const uint OurMount = (uint)FileSystemNotes.Mount;
    private const uint OurUnmount = (uint)FileSystemNotes.Unmount;
    private const uint CommonVnode = 0x7f;
    private const uint Uses = (uint)(VnodeNotes.Open | VnodeNotes.Close | VnodeNotes.CloseWrite | VnodeNotes.Read);

    /// <summary>NOTE_OPEN, NOTE_CLOSE, NOTE_CLOSE_WRITE and NOTE_READ exist (VNODE-OPEN-001).</summary>
    internal bool HasUses { get; init; }

    /// <summary>NOTE_TRUNCATE; 0 where there is none (VNODE-TRUNC-001).</summary>
    internal uint Truncate { get; init; }

    /// <summary>NOTE_OOB (EXC-001).</summary>
    internal uint OutOfBand { get; init; } = OurOutOfBand;

    /// <summary>NOTE_FILE_POLL, or NOTE_EOF with the same number, exists (READ-FILE-006, READ-FILE-008).</summary>
    internal bool HasFilePoll { get; init; }

    /// <summary>VQ_MOUNT (FS-001). A system that has another number for it tells of mounts and unmounts, and of nothing else.</summary>
    internal uint Mount { get; init; } = OurMount;

    /// <summary>VQ_UNMOUNT (FS-001).</summary>
    internal uint Unmount { get; init; } = OurUnmount;

    /// <summary>NOTE_EXITSTATUS exists (PROC-003); elsewhere the status always comes.</summary>
    internal bool HasExitStatus { get; init; }

    /// <summary>Translates the notes of a change.</summary>
    /// <returns>False when one of them does not exist there, so that it would be taken for another, or for none.</returns>
    internal bool TryToSystem(EventFilter filter, ref uint notes)
    {
        switch (filter)
        {
            case EventFilter.Read:
                return HasFilePoll || (notes & FilePoll) == 0;
            case EventFilter.Except:
                notes = Moved(notes, OurOutOfBand, OutOfBand);
                return true;
            case EventFilter.Process or EventFilter.ProcessDescriptor when !HasExitStatus:
                notes &= ~ExitStatus;
                return true;
            case EventFilter.FileSystem when Mount != OurMount:
                notes = Only(notes, OurMount, Mount) | Only(notes, OurUnmount, Unmount);
                return true;
            case EventFilter.Vnode:
                if ((notes & ~VnodeNotesThere) != 0)
                    return false;
                if ((notes & OurTruncate) != 0)
                    notes = (notes & ~OurTruncate) | Truncate;
                return true;
            default:
                return true;
        }
    }

    /// <summary>Translates the notes of an event.</summary>
    internal uint FromSystem(EventFilter filter, uint notes)
    {
        if (filter == EventFilter.Except)
            return Moved(notes, OutOfBand, OurOutOfBand);
        if (filter == EventFilter.FileSystem && Mount != OurMount)
            return Only(notes, Mount, OurMount) | Only(notes, Unmount, OurUnmount);
        return filter == EventFilter.Vnode && Truncate != 0 && (notes & Truncate) != 0 ? (notes & ~Truncate) | OurTruncate : notes;
    }

    private uint VnodeNotesThere => CommonVnode | (HasUses ? Uses : 0) | (Truncate != 0 ? OurTruncate : 0);

    private static uint Only(uint notes, uint from, uint to) => (notes & from) != 0 ? to : 0;

    // Exchanged, so that a bit in the way is not taken for the note either.
    private static uint Moved(uint notes, uint from, uint to)
    {
        if (from == to)
            return notes;
        uint moved = ((notes & from) != 0 ? to : 0) | ((notes & to) != 0 ? from : 0);
        return (notes & ~(from | to)) | moved;
    }
}
