using System.Buffers.Binary;
using System.Runtime.InteropServices;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>What directories tell, made into activity of knotes.</summary>
internal sealed partial class FileMonitor
{
    private const int RecordHeader = 12;

    private readonly Action<VnodeNotes> _post;

    /// <summary>The files of which the packet at hand tells, in the order in which it began to.</summary>
    private readonly List<WatchedFile> _told = [];

    /// <summary>Directories that a file has left: closed when all is told, unless others are there or it came back.</summary>
    private readonly List<WatchedDirectory> _left = [];

    private WatchedFile _current = null!;

    private enum Change
    {
        Added = 1,
        Removed = 2,
        Modified = 3,
        RenamedFrom = 4,
        RenamedTo = 5,
    }

    /// <summary>
    /// Takes the packet of a request, and makes the request again. It discards no knote, so that it may be called while one is attached or detached.
    /// </summary>
    /// <returns>True when the request was made again.</returns>
    internal bool Take(nint block, uint bytes, bool failed)
    {
        if (!Ended(block, out DirectoryRequest? request))
            return false;
        WatchedDirectory directory = request!.Directory;
        if (failed)
        {
            directory.IsDead = true;
            Close(directory);
            NoteAll(directory);
        }
        else if (bytes == 0)
        {
            Again(request);
            NoteAll(directory);
        }
        else
        {
            Read(request, Sys.Changes(block, bytes));
            Again(request);
        }

        TellAll();
        return request.IsPending;
    }

    /// <summary>A packet came back: frees the block of a request that nobody wants any more.</summary>
    /// <returns>True when the request is to go on.</returns>
    private bool Ended(nint block, out DirectoryRequest? request)
    {
        if (!_requests.TryGetValue(block, out request))
            return false;
        request.IsPending = false;
        if (!request.IsClosed)
            return true;
        Free(request);
        return false;
    }

    /// <summary>The queue is being closed: ends all requests, and frees the blocks that the kernel has no more use for. Packets are of no use any more.</summary>
    /// <returns>False while there are others.</returns>
    internal bool End()
    {
        foreach (DirectoryRequest request in _requests.Values.ToArray())
        {
            Close(request);
            if (_requests.ContainsKey(request.Block) && Sys.HasRequestEnded(request.Block))
                Free(request);
        }

        return _requests.Count == 0;
    }

    /// <summary>Compares a file with what it was.</summary>
    internal void Compare(nuint ident)
    {
        if (!_byHandle.TryGetValue(ident, out WatchedFile? file))
            return;
        if (file.IsBlind)
            Replace(file, (nint)ident);
        Note(file, FileHappenings.Lost);
        TellAll();
    }

    private void Again(DirectoryRequest request)
    {
        // Nothing of this was before the answer, so what a handle keeps until it is asked again is told next.
        if (request.IsClosed || Ask(request))
            return;
        request.Directory.IsDead = true;
        Close(request.Directory);
        NoteAll(request.Directory);
    }

    /// <summary>Rule of an overflow: what was lost may have been of any file here.</summary>
    private void NoteAll(WatchedDirectory directory)
    {
        foreach (WatchedFile file in directory.Names.Values)
        {
            file.MayHaveLostName = true;
            Note(file, FileHappenings.Lost);
        }

        if (directory.Owner is { } owner)
            Note(owner, FileHappenings.Lost);
    }

    private void Read(DirectoryRequest request, ReadOnlySpan<byte> records)
    {
        while (records.Length >= RecordHeader)
        {
            int next = BinaryPrimitives.ReadInt32LittleEndian(records);
            Change change = (Change)BinaryPrimitives.ReadInt32LittleEndian(records[4..]);
            int length = BinaryPrimitives.ReadInt32LittleEndian(records[8..]);
            Take(request, change, MemoryMarshal.Cast<byte, char>(records.Slice(RecordHeader, length)).ToString());
            if (next == 0)
                break;
            records = records[next..];
        }

        SettleLeaving(request);
        request.PacketRead();
    }

    private void Take(DirectoryRequest request, Change change, string name)
    {
        if (change == Change.RenamedTo && request.Left is { } left)
        {
            request.Left = null;
            Rename(request.Directory, left, name);
            return;
        }

        SettleLeaving(request);
        switch (change)
        {
            case Change.Modified:
                Modified(request, name);
                break;
            case Change.Added:
                NoteEntry(request, FileHappenings.Entry, FileHappenings.Folder);
                FindAt(request.Directory, name);
                break;
            case Change.Removed:
                NoteEntry(request, FileHappenings.Entry, FileHappenings.Folder);
                NameGone(request.Directory, name, removed: true);
                break;
            case Change.RenamedFrom:
                request.Left = name;
                break;
            case Change.RenamedTo:
                NoteEntry(request, FileHappenings.MovedIn, FileHappenings.FolderMovedIn);
                FindAt(request.Directory, name);
                break;
        }
    }

    /// <summary>An entry has an old name and no new one in its directory.</summary>
    private void SettleLeaving(DirectoryRequest request)
    {
        if (request.Left is not { } name)
            return;
        request.Left = null;
        NoteEntry(request, FileHappenings.MovedOut, FileHappenings.FolderMovedOut);
        NameGone(request.Directory, name, removed: false);
    }

    private void Modified(DirectoryRequest request, string name)
    {
        FileHappenings what = request.IsOfDirectories ? FileHappenings.Modified : FileHappenings.Attributes;
        WatchedDirectory directory = request.Directory;
        WatchedFile? file = directory.Names.GetValueOrDefault(name);

        // VNODE-007: it may be another name of a watched file.
        if (file is null && directory.Names.Values.Any(f => f.Known.Links > 1)
            && Sys.TryIdentify(directory.Contents.Handle, name, out FileIdentity found))
            file = _files.GetValueOrDefault(found);
        if (file is not null && !(file.Known.IsDirectory && what == FileHappenings.Modified) && (!request.MayTellOfAnother(name) || HasChanged(file)))
            Note(file, what);
    }

    /// <summary>Whether a record under a name that a file has taken meanwhile can be of this file: it may be of the one that had the name before.</summary>
    private bool HasChanged(WatchedFile file) => file.Knotes.Exists(kn =>
        LookAt(kn.Ident, out FileState now) == Errno.None && now with { Accessed = file.Known.Accessed, Changed = file.Known.Changed } != file.Known);

    private void Rename(WatchedDirectory directory, string from, string to)
    {
        if (directory.Owner is { } owner)
            Note(owner, FileHappenings.Entry);
        if (directory.Names.GetValueOrDefault(from) is not { } file)
        {
            FindAt(directory, to);
            return;
        }

        LoseName(file, directory, from);
        file.HasLostName = false;
        Taken(directory, to);
        PlaceAt(file, directory, to);
        Note(file, FileHappenings.Moved);
    }

    private void NameGone(WatchedDirectory directory, string name, bool removed)
    {
        if (!directory.Names.TryGetValue(name, out WatchedFile? file))
            return;
        file.WasRemoved = removed;
        LoseName(file, directory, name);
    }

    /// <summary>An entry came: it may be a watched file, by another name or from elsewhere, and may have taken the name of one.</summary>
    private void FindAt(WatchedDirectory directory, string name)
    {
        if (_files.Count == 0 || !Sys.TryIdentify(directory.Contents.Handle, name, out FileIdentity found))
            return;
        if (directory.Names.TryGetValue(name, out WatchedFile? before) && before.Identity != found)
            LoseName(before, directory, name);
        if (!_files.TryGetValue(found, out WatchedFile? file))
            return;
        Taken(directory, name);
        PlaceAt(file, directory, name);
        file.MayBeLinked = true;
        Note(file, FileHappenings.None);
    }

    private static void Taken(WatchedDirectory directory, string name)
    {
        directory.Contents.Taken(name);
        directory.Rest.Taken(name);
    }

    private void NoteEntry(DirectoryRequest request, FileHappenings ofFile, FileHappenings ofFolder)
    {
        if (request.Directory.Owner is { } owner)
            Note(owner, request.IsOfDirectories ? ofFolder : ofFile);
    }

    private void Note(WatchedFile file, FileHappenings what)
    {
        if (!file.IsTold)
            _told.Add(file);
        file.IsTold = true;
        file.Happened |= what;
    }

    private void TellAll()
    {
        // Finding a file's new place may tell of another file.
        for (int i = 0; i < _told.Count; i++)
        {
            _told[i].IsTold = false;
            Tell(_told[i]);
            if (_told[i].IsBlind)
                AskLater(_told[i]);
        }

        _told.Clear();
        foreach (WatchedDirectory directory in _left)
            DropUnused(directory);
        _left.Clear();
    }

    /// <summary>
    /// Compares with what was known, and posts. A change of names is none of contents, and the record of a write under a name that is not known
    /// yet says nothing: so a file whose names have changed is compared with what it was. A number that stands for another file by now is
    /// activated all the same: the scan finds it gone.
    /// </summary>
    private void Tell(WatchedFile file)
    {
        FileHappenings what = file.Happened;
        bool linked = file.MayBeLinked;
        Knote? open = file.Knotes.Find(kn => LookAt(kn.Ident, out _) == Errno.None);
        if (open is null || Sys.LookAt((nint)open.Ident, out _, out FileState now) != Errno.None)
        {
            WakeAll(file);
            return;
        }

        FileState was = file.Known;
        file.Happened = FileHappenings.None;
        file.MayBeLinked = false;
        if (file.MayHaveLostName || (now.Links < was.Links && !file.HasLostName))
            CheckPlaces(file);
        file.MayHaveLostName = false;
        bool lost = file.HasLostName;
        file.HasLostName = false;
        if (file.Places.Count == 0 && now.Links != 0 && !file.IsRemoved)
        {
            Place(file, (nint)open.Ident);

            // The links of a directory do not tell: Wine says 1 for ever. Who moves it out of its directory is told of as a renamer there.
            file.IsRemoved = now.IsDirectory && lost && file.WasRemoved && file.Places.Count == 0;
        }

        if (file.IsRemoved)
            now = now with { Links = 0 };
        if (lost && now.Links >= was.Links && now.Links != 0)
            what |= FileHappenings.Moved;
        else if (now.Links < was.Links || (linked && now.Links != was.Links))
            what |= now.IsDirectory ? FileHappenings.MayBeRemoved : FileHappenings.Attributes;
        FileHappenings seen = VnodeRules.Compare(was, now, nameChanged: false);
        if ((what & FileHappenings.Lost) != 0)
            what |= seen;
        else if ((lost || linked || (what & FileHappenings.Moved) != 0) && !now.IsDirectory)
            what |= seen & FileHappenings.Modified;
        if (what == FileHappenings.None)
            return;
        _current = file;
        file.Known = VnodeRules.Learn(what, was, now);
        VnodeRules.Tell(what, was, now, nameRemoved: false, _queue.Dialect, _post);
        WakeReaders(file);
    }

    /// <summary>
    /// After an overflow a file may have another name, and its own may be another file's. One with a link less has lost a name of which the record is still
    /// to come; that record is none of a move then.
    /// </summary>
    private void CheckPlaces(WatchedFile file)
    {
        foreach ((WatchedDirectory directory, string name) in file.Places.ToArray())
        {
            if (directory.IsDead)
                LoseDead(file, directory, name);
            else if (!Sys.TryIdentify(directory.Contents.Handle, name, out FileIdentity found) || found != file.Identity)
                LoseName(file, directory, name);
        }
    }

    // Its directory cannot be watched any more, which says nothing of the name.
    private static void LoseDead(WatchedFile file, WatchedDirectory directory, string name)
    {
        directory.Names.Remove(name);
        file.Places.RemoveAll(p => p.Directory == directory);
    }

    private void Replace(WatchedFile file, nint handle)
    {
        if (file.Entries is { IsDead: true })
        {
            file.Entries.Owner = null;
            file.Entries = null;
        }

        foreach ((WatchedDirectory directory, string name) in file.Places.ToArray())
        {
            if (directory.IsDead)
                LoseDead(file, directory, name);
        }

        if (file.Known.Links == 0)
            return;
        if (file.Places.Count == 0)
            Place(file, handle);
        WatchEntries(file, handle);
    }

    private void Post(VnodeNotes notes)
    {
        foreach (Knote kn in _current.Knotes)
        {
            if (kn.Filter is VnodeFilter vnode)
                vnode.Post(kn, notes);
        }
    }

    /// <summary>EVFILT_READ looks itself at what is there.</summary>
    private void WakeReaders(WatchedFile file)
    {
        foreach (Knote kn in file.Knotes)
        {
            if (kn.Filter is ReadFilter)
                _queue.Activate(kn);
        }
    }

    private void WakeAll(WatchedFile file)
    {
        foreach (Knote kn in file.Knotes)
            _queue.Activate(kn);
    }

    private static void AskLater(WatchedFile file)
    {
        foreach (Knote kn in file.Knotes)
        {
            if (kn.Filter is VnodeFilter vnode)
                vnode.AskLater(kn);
            else if (kn.Filter is ReadFilter reader)
                reader.AskLater(kn);
        }
    }
}
