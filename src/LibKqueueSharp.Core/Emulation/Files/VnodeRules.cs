namespace LibKqueueSharp.Emulation;

/// <summary>
/// From what a system tells of a file to what a BSD kernel posts: calls <c>post</c> once for each group of notes that the kernel posts together.
/// </summary>
internal static class VnodeRules
{
    internal static void Tell(
        FileHappenings what, in FileState was, in FileState now, bool nameRemoved, Dialect dialect, Action<VnodeNotes> post)
    {
        if ((what & FileHappenings.Modified) != 0)
            TellContents(was, now, post);
        if ((what & (FileHappenings.Attributes | FileHappenings.MayBeRemoved)) != 0)
            TellAttributes(what, was, now, nameRemoved, dialect, post);
        TellEntries(what, was, now, dialect.VnodeMove, post);
        if ((what & FileHappenings.Moved) != 0)
            post(VnodeNotes.Rename);
        TellUses(what, post);
    }

    /// <summary>
    /// What is known of a file afterwards. A look may see more than the system has told so far, as the bytes of a write whose event comes later:
    /// that is left to compare with.
    /// </summary>
    internal static FileState Learn(FileHappenings what, in FileState was, in FileState now)
    {
        if ((what & FileHappenings.Lost) != 0 || now.IsDirectory)
            return now;
        FileState known = was;
        if ((what & FileHappenings.Modified) != 0)
            known = known with { Size = now.Size, Modified = now.Modified, Changed = now.Changed };
        if ((what & (FileHappenings.Attributes | FileHappenings.Moved)) != 0)
        {
            known = known with { Links = now.Links, Mode = now.Mode, Owner = now.Owner, Group = now.Group };
            known = known with { Modified = now.Modified, Changed = now.Changed };
        }

        return (what & FileHappenings.Accessed) != 0 ? known with { Accessed = now.Accessed } : known;
    }

    /// <summary>What happened, told by comparing the file with what it was: after lost events, and at an interval.</summary>
    internal static FileHappenings Compare(in FileState was, in FileState now, bool nameChanged)
    {
        FileHappenings what = FileHappenings.None;
        bool modified = was.Size != now.Size || was.Modified != now.Modified;
        bool links = was.Links != now.Links;
        if (!now.IsDirectory)
            what |= modified ? FileHappenings.Modified : FileHappenings.None;
        else if (links)
            what |= now.Links == 0 ? FileHappenings.MayBeRemoved : FileHappenings.Folder;
        else if (modified)
            what |= FileHappenings.Entry;
        if (nameChanged && was.Changed != now.Changed)
            what |= FileHappenings.Moved;
        if ((links && !now.IsDirectory) || !was.HasSameRights(now))
            what |= FileHappenings.Attributes;
        if (was.Accessed != now.Accessed)
            what |= FileHappenings.Accessed;

        // A change of nothing but the time of change: utimes, an extended attribute, the same mode again.
        if (was.Changed != now.Changed && (what & ~FileHappenings.Accessed) == FileHappenings.None)
            what |= FileHappenings.Attributes;
        return what;
    }

    /// <summary>
    /// inotify has one event for writing and for truncating, and merges several: what became shorter was truncated (trace
    /// vnode_file_write_extend), and if something is left, may have been written too.
    /// </summary>
    private static void TellContents(in FileState was, in FileState now, Action<VnodeNotes> post)
    {
        if (now.Size < was.Size)
            post(VnodeNotes.Attributes | VnodeNotes.Truncate);
        if (now.Size > was.Size)
            post(VnodeNotes.Write | VnodeNotes.Extend);
        else if (now.Size == was.Size || now.Size != 0)
            post(VnodeNotes.Write);
    }

    // Linux reports a changed link count as changed attributes, and the end of an open folder not at all. The links of a folder are those of its
    // subfolders.
    private static void TellAttributes(
        FileHappenings what, in FileState was, in FileState now, bool nameRemoved, Dialect dialect, Action<VnodeNotes> post)
    {
        bool folder = (what & FileHappenings.MayBeRemoved) != 0 && now.Links == 0 && was.Links != 0;
        bool linked = now.Links > was.Links && !now.IsDirectory;
        bool unlinked = now.Links < was.Links && !now.IsDirectory;
        if (now.Links == was.Links && nameRemoved && !now.IsDirectory)
            linked = unlinked = true;
        if (folder)
            post(VnodeNotes.Delete);
        else if (unlinked)
            post(dialect.VnodeUnlinkPostsLink ? VnodeNotes.Delete | VnodeNotes.Link : VnodeNotes.Delete);
        if (linked)
            post(VnodeNotes.Link);
        if ((what & FileHappenings.Attributes) == 0)
            return;
        bool touched = now.Modified != was.Modified && !now.IsDirectory && (what & FileHappenings.Modified) == 0;
        if ((!linked && !unlinked && !folder) || touched || !was.HasSameRights(now))
            post(VnodeNotes.Attributes);
    }

    // Trace vnode_dir; VNODE-DIR-001 to VNODE-DIR-006.
    private static void TellEntries(
        FileHappenings what, in FileState was, in FileState now, VnodeMovePolicy policy, Action<VnodeNotes> post)
    {
        VnodeNotes link = policy == VnodeMovePolicy.Writes ? VnodeNotes.None : VnodeNotes.Link;

        // A folder that takes the place of another in the same folder leaves a link less (FreeBSD's vop_rename_post, macOS's vn_rename).
        bool inPlace = now.Links != 0 && now.Links < was.Links && (what & (FileHappenings.Folder | FileHappenings.FolderMovedOut)) == 0;
        if ((what & FileHappenings.Entry) != 0)
            post(inPlace ? VnodeNotes.Write | link : VnodeNotes.Write);
        if ((what & FileHappenings.Folder) != 0)
            post(VnodeNotes.Write | VnodeNotes.Link);
        VnodeNotes left = VnodeNotes.Write | (policy == VnodeMovePolicy.ExtendsBoth ? VnodeNotes.Extend : VnodeNotes.None);
        VnodeNotes entered = VnodeNotes.Write
            | (policy is VnodeMovePolicy.ExtendsBoth or VnodeMovePolicy.ExtendsTarget ? VnodeNotes.Extend : VnodeNotes.None);
        if ((what & FileHappenings.MovedOut) != 0)
            post(left);
        if ((what & FileHappenings.FolderMovedOut) != 0)
            post(left | link);
        if ((what & FileHappenings.MovedIn) != 0)
            post(entered);

        // VNODE-DIR-004: a folder that took another's place leaves the number of links as it was. One that came, and then took a place in the
        // same folder, does so as well.
        bool replaced = now.Links == was.Links && now.Links > 2 && (what & FileHappenings.Entry) == 0;
        if ((what & FileHappenings.FolderMovedIn) != 0)
            post(replaced ? entered : entered | link);
    }

    private static void TellUses(FileHappenings what, Action<VnodeNotes> post)
    {
        if ((what & FileHappenings.Opened) != 0)
            post(VnodeNotes.Open);
        if ((what & FileHappenings.Accessed) != 0)
            post(VnodeNotes.Read);
        if ((what & FileHappenings.Closed) != 0)
            post(VnodeNotes.Close);
        if ((what & FileHappenings.ClosedAfterWriting) != 0)
            post(VnodeNotes.CloseWrite);
    }
}
