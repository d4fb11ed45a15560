using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>
/// The files that a queue watches: which, and which directories tell of them. It holds handles of directories and never one of a watched file, for Windows
/// keeps a removed file's name while it is open. Guarded by the queue's lock.
/// </summary>
internal sealed partial class FileMonitor
{
    private const uint ContentsFilter = Native.ChangedSize | Native.ChangedLastWrite | Native.ChangedDirectoryName;
    private const uint RestFilter = Native.ChangedFileName | Native.ChangedAttributes | Native.ChangedSecurity;

    private readonly EmulatedQueue _queue;
    private readonly nint _port;
    private readonly nuint _key;
    private readonly Dictionary<FileIdentity, WatchedFile> _files = [];
    private readonly Dictionary<nuint, WatchedFile> _byHandle = [];
    private readonly Dictionary<FileIdentity, WatchedDirectory> _directories = [];

    /// <summary>Requests whose block is in use, by its address: also those that nobody wants any more.</summary>
    private readonly Dictionary<nint, DirectoryRequest> _requests = [];

    internal FileMonitor(EmulatedQueue queue, nint port, nuint key)
    {
        _queue = queue;
        _port = port;
        _key = key;
        _post = Post;
    }

    internal int HandleCount => 2 * _directories.Count;

    /// <summary>Begins to watch the file behind a knote's handle.</summary>
    /// <returns>EBADF when it is not open, ENOTSUP when it is no file.</returns>
    internal Errno Add(Knote kn)
    {
        nint handle = (nint)kn.Ident;
        Errno error = Sys.LookAt(handle, out FileIdentity identity, out _);
        if (error != Errno.None)
            return error;
        if (_byHandle.TryGetValue(kn.Ident, out WatchedFile? file) && file.Identity != identity)
        {
            DropOthers(file, kn);
            file = null;
        }

        if (file is null)
        {
            if (_files.TryGetValue(identity, out file) && !IsOpenSomewhere(file))
            {
                // The number of a removed file may be another's by now.
                Drop(file);
                file = null;
            }

            file ??= Begin(identity);
            _byHandle[kn.Ident] = file;
            Place(file, handle);
        }

        if (file.Knotes.Count == 0)
        {
            // What happened until the directory was watched was before the registration (VNODE-010).
            error = Sys.LookAt(handle, out _, out FileState state);
            file.Known = state;
            WatchEntries(file, handle);
        }

        file.Knotes.Add(kn);
        if (error != Errno.None)
            Remove(kn);
        else if (file.IsBlind)
            AskLater(file);
        return error;
    }

    /// <returns>False when the knote watches none.</returns>
    internal bool Remove(Knote kn)
    {
        if (!_byHandle.TryGetValue(kn.Ident, out WatchedFile? file) || !file.Knotes.Remove(kn))
            return false;
        if (!file.Knotes.Exists(other => other.Ident == kn.Ident))
            _byHandle.Remove(kn.Ident);
        if (file.Knotes.Count != 0)
            return true;
        _files.Remove(file.Identity);
        Unplace(file);
        if (file.Entries is { } entries)
        {
            entries.Owner = null;
            DropUnused(entries);
        }

        return true;
    }

    /// <summary>Whether a number still stands for the file that is watched under it, and how that is now.</summary>
    internal Errno LookAt(nuint ident, out FileState state)
    {
        Errno error = Sys.LookAt((nint)ident, out FileIdentity identity, out state);
        if (error is not (Errno.None or Errno.EBADF or Errno.ENOTSUP))
            return error;
        return error == Errno.None && _byHandle.TryGetValue(ident, out WatchedFile? file) && file.Identity == identity ? Errno.None : Errno.EBADF;
    }

    internal bool IsBlind(nuint ident) => _byHandle.TryGetValue(ident, out WatchedFile? file) && file.IsBlind;

    internal bool IsDirectory(nuint ident) => _byHandle.TryGetValue(ident, out WatchedFile? file) && file.Known.IsDirectory;

    private WatchedFile Begin(FileIdentity identity)
    {
        WatchedFile file = new(identity);
        _files.Add(identity, file);
        return file;
    }

    /// <summary>Finds the name by which a handle was opened, and watches its directory.</summary>
    private void Place(WatchedFile file, nint handle)
    {
        if (Sys.PathOf(handle) is not { } path)
            return;
        int end = path.LastIndexOf('\\');
        if (end < 0 || end == path.Length - 1)
            return;
        string name = path[(end + 1)..];
        if (OpenDirectory(path[..(end + 1)]) is not { } directory)
            return;

        // The path may be one of before.
        if (Sys.TryIdentify(directory.Contents.Handle, name, out FileIdentity found) && found == file.Identity)
            PlaceAt(file, directory, name);
        DropUnused(directory);
    }

    private void PlaceAt(WatchedFile file, WatchedDirectory directory, string name)
    {
        if (directory.Names.TryGetValue(name, out WatchedFile? other) && other != file)
            LoseName(other, directory, name);
        directory.Names[name] = file;
        if (!file.Places.Exists(p => p.Directory == directory && SameName(p.Name, name)))
            file.Places.Add((directory, name));
    }

    private void LoseName(WatchedFile file, WatchedDirectory directory, string name)
    {
        directory.Names.Remove(name);
        file.Places.RemoveAll(p => p.Directory == directory && SameName(p.Name, name));
        file.HasLostName = true;
        _left.Add(directory);
        Note(file, FileHappenings.None);
    }

    private void Unplace(WatchedFile file)
    {
        foreach ((WatchedDirectory directory, string name) in file.Places)
        {
            if (directory.Names.TryGetValue(name, out WatchedFile? there) && there == file)
                directory.Names.Remove(name);
            DropUnused(directory);
        }

        file.Places.Clear();
    }

    private void WatchEntries(WatchedFile file, nint handle)
    {
        if (!file.Known.IsDirectory || file.Entries is not null || Sys.PathOf(handle) is not { } path
            || OpenDirectory(path) is not { } entries)
            return;
        if (entries.Identity != file.Identity)
        {
            DropUnused(entries);
            return;
        }

        entries.Owner = file;
        file.Entries = entries;
    }

    /// <summary>The watch of the directory that a path leads to now, begun if need be; null where it may not be watched.</summary>
    private WatchedDirectory? OpenDirectory(string path)
    {
        if (Sys.OpenDirectory(path, _port, _key, out nint handle) != Errno.None)
            return null;
        if (Sys.LookAt(handle, out FileIdentity identity, out _) != Errno.None)
        {
            Sys.Close(handle);
            return null;
        }

        if (_directories.TryGetValue(identity, out WatchedDirectory? known) && !known.IsDead)
        {
            Sys.Close(handle);
            return known;
        }

        // The filter of a request is the handle's for good, so each has a handle of its own.
        if (Sys.OpenDirectory(path, _port, _key, out nint second) != Errno.None)
        {
            Sys.Close(handle);
            return null;
        }

        WatchedDirectory directory = new(identity);
        directory.Contents = new DirectoryRequest(directory, handle, ContentsFilter);
        directory.Rest = new DirectoryRequest(directory, second, RestFilter);
        _directories[identity] = directory;
        if (Ask(directory.Contents) & Ask(directory.Rest))
            return directory;
        directory.IsDead = true;
        Close(directory);
        return null;
    }

    private bool Ask(DirectoryRequest request)
    {
        _requests[request.Block] = request;
        request.IsPending = Sys.AskForChanges(request.Handle, request.Block, request.Filter);
        return request.IsPending;
    }

    private void DropUnused(WatchedDirectory directory)
    {
        if (directory.IsUnused)
            Close(directory);
    }

    private void Close(WatchedDirectory directory)
    {
        if (_directories.TryGetValue(directory.Identity, out WatchedDirectory? there) && there == directory)
            _directories.Remove(directory.Identity);
        Close(directory.Contents);
        Close(directory.Rest);
    }

    private void Close(DirectoryRequest request)
    {
        if (request.IsClosed)
            return;
        request.IsClosed = true;
        if (request.IsPending)
            Sys.CancelRequest(request.Handle, request.Block);
        Sys.Close(request.Handle);
        if (!request.IsPending)
            Free(request);
    }

    private void Free(DirectoryRequest request)
    {
        _requests.Remove(request.Block);
        Sys.FreeRequest(request.Block);
    }

    /// <summary>A number stands for another file by now: what was registered of the old one goes, except for the knote being added.</summary>
    private void DropOthers(WatchedFile file, Knote kept)
    {
        foreach (Knote other in file.Knotes.ToArray())
        {
            if (other.Ident == kept.Ident && other != kept)
                _queue.Discard(other);
        }
    }

    private void Drop(WatchedFile file)
    {
        foreach (Knote kn in file.Knotes.ToArray())
            _queue.Discard(kn);
    }

    private static bool IsOpenSomewhere(WatchedFile file) => file.Knotes.Exists(kn =>
        Sys.LookAt((nint)kn.Ident, out FileIdentity identity, out _) is not (Errno.EBADF or Errno.ENOTSUP) && identity == file.Identity);

    private static bool SameName(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
