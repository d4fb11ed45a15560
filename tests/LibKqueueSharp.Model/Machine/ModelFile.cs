namespace LibKqueueSharp.Model.Machine;

/// <summary>An answer of a model that may not know: where two kernels count buffers differently, or a clock is read twice.</summary>
internal enum Holds
{
    No,
    Perhaps,
    Yes,
}

internal enum FileKind
{
    PipeReader,
    PipeWriter,
    Socket,
    Regular,
}

/// <summary>Bytes on their way, in one direction.</summary>
internal sealed class Channel
{
    /// <summary>So many unread writes fit into every buffer, and no kernel calls it full.</summary>
    private const int SurelyRoom = 16;

    private bool _filled;
    private int _writes;

    internal long Bytes { get; private set; }

    internal bool WriterGone { get; set; }

    internal bool ReaderGone { get; set; }

    internal Holds Room => _filled ? _writes == 0 ? Holds.No : Holds.Perhaps : _writes <= SurelyRoom ? Holds.Yes : Holds.Perhaps;

    internal void Write(long bytes)
    {
        Bytes += bytes;
        _writes++;
    }

    internal void Fill(long bytes)
    {
        Bytes += bytes;
        (_filled, _writes) = (true, 0);
    }

    internal void Read(long bytes)
    {
        Bytes -= bytes;
        if (Bytes == 0)
            (_filled, _writes) = (false, 0);
        else
            _writes++;
    }
}

internal sealed class Inode
{
    internal long Size { get; set; }
}

/// <summary>What a descriptor stands for: an open file, which several numbers may share.</summary>
internal sealed class ModelFile(FileKind kind)
{
    internal FileKind Kind { get; } = kind;

    internal Channel? In { get; init; }

    internal Channel? Out { get; init; }

    internal Inode? Inode { get; init; }

    internal long Offset { get; set; }

    internal int Numbers { get; set; }

    /// <summary>For READ: whether there is something, how much, and whether it ended.</summary>
    internal (Holds Holds, long Data, bool Eof) Readable(ModelKnote kn, Rules rules)
    {
        if (Kind == FileKind.Regular)
        {
            // READ-FILE-001, READ-FILE-002
            long left = Inode!.Size - Offset;
            return (left != 0 ? Holds.Yes : Holds.No, left, false);
        }

        // READ-PIPE-003
        if (Kind == FileKind.PipeWriter)
            return (Out!.ReaderGone && rules.WrongEndEnds ? Holds.Yes : Holds.No, 0, true);

        // READ-LOWAT-001, READ-LOWAT-003, READ-PIPE-LOWAT-001, READ-PIPE-EOF-001, READ-EOF-001
        bool marked = (kn.SavedFFlags & (uint)ReadWriteNotes.LowWater) != 0 && (Kind == FileKind.Socket || rules.PipeLowWater);
        bool holds = In!.WriterGone || In.Bytes >= (marked ? kn.SavedData : 1);
        return (holds ? Holds.Yes : Holds.No, In.Bytes, In.WriterGone);
    }

    /// <summary>For WRITE: how much room there is differs from kernel to kernel, so data is 0 here.</summary>
    internal (Holds Holds, long Data, bool Eof) Writable(Rules rules)
    {
        if (Kind == FileKind.Regular)
            return (Holds.Yes, rules.FileWriteData, false);

        // WRITE-PIPE-005
        if (Kind == FileKind.PipeReader)
            return (In!.WriterGone && rules.WrongEndEnds ? Holds.Yes : Holds.No, 0, true);
        bool ended = Out!.ReaderGone || Out.WriterGone;

        // Findings 11: NetBSD and OpenBSD report nothing when the pipe was full.
        return ended ? (Out.Room == Holds.Yes ? Holds.Yes : Holds.Perhaps, 0, true) : (Out.Room, 0, false);
    }
}
