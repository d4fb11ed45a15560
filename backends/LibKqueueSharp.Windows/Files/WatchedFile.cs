using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>A file or a directory that has knotes in a queue, by whatever handles. Guarded by the queue's lock.</summary>
internal sealed class WatchedFile(FileIdentity identity)
{
    internal FileIdentity Identity { get; } = identity;

    internal List<Knote> Knotes { get; } = [];

    /// <summary>The names that are known of it, each in a directory that is watched.</summary>
    internal List<(WatchedDirectory Directory, string Name)> Places { get; } = [];

    /// <summary>The watch of its entries, for a directory.</summary>
    internal WatchedDirectory? Entries { get; set; }

    /// <summary>The file as it was when its knotes were last told.</summary>
    internal FileState Known { get; set; }

    /// <summary>What was told of it and its knotes have not been told yet.</summary>
    internal FileHappenings Happened { get; set; }

    /// <summary>A name of it is no longer there: it was removed or has moved.</summary>
    internal bool HasLostName { get; set; }

    /// <summary>Of what the directories of its names told, something was lost.</summary>
    internal bool MayHaveLostName { get; set; }

    /// <summary>The record of the name that was lost last said removed, and not renamed.</summary>
    internal bool WasRemoved { get; set; }

    /// <summary>It is a directory that was removed.</summary>
    internal bool IsRemoved { get; set; }

    /// <summary>It may have a name more.</summary>
    internal bool MayBeLinked { get; set; }

    /// <summary>It is in the list of those that have something to tell.</summary>
    internal bool IsTold { get; set; }

    /// <summary>No directory tells of it, so it has to be looked at by time.</summary>
    internal bool IsBlind => Places.Count == 0 || (Entries is { IsDead: true }) || Places.Exists(p => p.Directory.IsDead);
}
