namespace LibKqueueSharp.Windows;

/// <summary>
/// A directory that is watched: the place of files, or watched itself, or both. Windows tells what changed by a kind of record and by nothing else, so there
/// are two requests: one that hears of contents, and of directories that come and go; the other of attributes, and of files that come and go.
/// Guarded by the queue's lock.
/// </summary>
internal sealed class WatchedDirectory(FileIdentity identity)
{
    internal FileIdentity Identity { get; } = identity;

    /// <summary>The files in it that have knotes, by all names of theirs that are known.</summary>
    internal Dictionary<string, WatchedFile> Names { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whose entries these are, when they have knotes.</summary>
    internal WatchedFile? Owner { get; set; }

    internal DirectoryRequest Contents { get; set; } = null!;

    internal DirectoryRequest Rest { get; set; } = null!;

    /// <summary>A request has failed: the directory was removed, or its volume has gone.</summary>
    internal bool IsDead { get; set; }

    internal bool IsUnused => Names.Count == 0 && Owner is null;
}

/// <summary>One request to be told of changes, made again when it has been answered. Its block is freed when its last packet came back.</summary>
internal sealed class DirectoryRequest(WatchedDirectory directory, nint handle, uint filter)
{
    internal WatchedDirectory Directory { get; } = directory;

    internal nint Handle { get; } = handle;

    internal uint Filter { get; } = filter;

    internal nint Block { get; } = Sys.AllocateRequest();

    /// <summary>The handle was closed: nothing is asked again.</summary>
    internal bool IsClosed { get; set; }

    /// <summary>A packet is to come.</summary>
    internal bool IsPending { get; set; }

    /// <summary>The name that was told to be an old one, until the new one is known.</summary>
    internal string? Left { get; set; }

    /// <summary>
    /// Names that watched files were found to have taken, and in how many more packets there may be records of who had them before: one that is on its way, one of what
    /// the system keeps meanwhile, and the one at hand.
    /// </summary>
    private readonly Dictionary<string, int> _taken = new(StringComparer.OrdinalIgnoreCase);

    internal void Taken(string name) => _taken[name] = 3;

    internal bool MayTellOfAnother(string name) => _taken.ContainsKey(name);

    internal void PacketRead()
    {
        foreach (string name in _taken.Keys.ToArray())
        {
            if (--_taken[name] == 0)
                _taken.Remove(name);
        }
    }

    internal bool IsOfDirectories => (Filter & Native.ChangedDirectoryName) != 0;
}
