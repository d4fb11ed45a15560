using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>Regular files and directories (clauses READ-FILE-001 to READ-DIR-001). Their directory tells when to look.</summary>
internal sealed partial class ReadFilter
{
    /// <summary>No directory tells of its file, or the interval says so.</summary>
    internal void AskLater(Knote kn) => Poller.LookLater(kn);

    // A file needs no look before each scan: what happens to it activates its knotes.
    internal override KEvent Take(Knote kn)
    {
        KEvent taken = base.Take(kn);
        if (Poller.Interest(kn) is { Socket.Kind: WatchedKind.File } interest)
        {
            Unlatch(interest);
            AskLater(kn);
        }

        return taken;
    }

    internal override long Expired(Knote kn, long deadline, long now)
    {
        if (Poller.Interest(kn).Socket.Kind != WatchedKind.File)
            return base.Expired(kn, deadline, now);
        Poller.Files.Compare(kn.Ident);
        if (Poller.LookAtFile(kn.Ident, out _) == Errno.EBADF)
            Queue.Activate(kn);
        long next = Poller.NextLook(kn.Ident);
        return next == 0 ? long.MaxValue : QueueClock.Add(now, next);
    }

    // READ-FILE-001, READ-FILE-002: the offset against the size; behind the end is not the end.
    private bool FileEvent(Interest interest)
    {
        Knote kn = interest.Knote;
        Errno error = Poller.LookAtFile(kn.Ident, out FileState state);
        if (error == Errno.EBADF)
        {
            Poller.Drop(kn.Ident);
            return false;
        }

        AskLater(kn);
        if (error != Errno.None)
            return false;
        long data = state.Size - Sys.OffsetOf(interest.Socket.Handle);
        bool always = (kn.SavedFFlags & (uint)ReadWriteNotes.FilePoll) != 0;
        if (data == 0 && !always)
            return false;
        SetEvent(interest, data, AfdEvents.Receive, Errno.None);
        if (data == 0 && Dialect.ReportsEndOfFile)
            kn.FFlags = (uint)ReadWriteNotes.FilePoll;
        return true;
    }
}
