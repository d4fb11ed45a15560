using System.Runtime.InteropServices;
using LibKqueueSharp.Emulation;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>A file that an inotify watch stands for, and the descriptors whose knotes watch it. Guarded by the queue's lock.</summary>
internal sealed class WatchedFile(int watch)
{
    private readonly Dictionary<int, int> _knotes = [];
    private ulong _device;
    private ulong _inode;

    internal int Watch { get; set; } = watch;

    /// <summary>What inotify was asked for.</summary>
    internal uint Mask { get; set; }

    /// <summary>What inotify has told and the knotes have not been told yet.</summary>
    internal FileHappenings Happened { get; set; }

    /// <summary>The batch of events at hand tells of it.</summary>
    internal bool IsTold { get; set; }

    /// <summary>The file as it was when its knotes were last told.</summary>
    internal FileState Known { get; set; }

    internal FileName Name = FileName.Unknown;

    internal bool IsDirectory { get; init; }

    /// <summary>
    /// The folder that this folder lies in, watched because an open folder that is removed says nothing itself.
    /// </summary>
    internal WatchedFile? Parent { get; set; }

    /// <summary>The name of this folder in its parent, as <see cref="FileName.HashOf"/>; 0 where it is not known.</summary>
    internal int Entry { get; set; }

    /// <summary>The folders whose removal this folder's watch tells.</summary>
    internal HashSet<WatchedFile> Inner { get; } = [];

    /// <summary>Something has happened after the last descriptor was closed: what is known of the file is of before.</summary>
    internal bool IsUnseen { get; set; }

    /// <summary>There was no room to watch <see cref="Parent"/>.</summary>
    internal bool LacksParent { get; set; }

    /// <summary>The kernel has taken the watch back, and there was no room for a new one.</summary>
    internal bool IsBlind { get; set; }

    /// <summary>The kernel may have taken the watch back without a word.</summary>
    internal bool IsInDoubt { get; set; }

    /// <summary>The kernel has taken the watch back, and the file is closed.</summary>
    internal bool IsGone { get; set; }

    /// <summary>The file has to be compared with what it was after a while.</summary>
    internal bool NeedsLook => LacksParent || IsBlind || IsInDoubt || Happened != FileHappenings.None;

    internal bool IsUnused => _knotes.Count == 0 && Inner.Count == 0;

    internal Dictionary<int, int>.KeyCollection Descriptors => _knotes.Keys;

    /// <summary>The first descriptor tells which file it is; a folder that is watched for its subfolders alone needs no name.</summary>
    internal void Identify(in stat status)
    {
        (_device, _inode) = ((ulong)status.st_dev, (ulong)status.st_ino);
        Known = FileStatus.ToState(status);
        IsUnseen = false;
    }

    internal bool Is(in stat status) => !IsGone && (ulong)status.st_dev == _device && (ulong)status.st_ino == _inode;

    /// <summary>How many knotes of a descriptor watch the file.</summary>
    internal ref int Users(int fd) => ref CollectionsMarshal.GetValueRefOrAddDefault(_knotes, fd, out _);

    internal void Forget(int fd) => _knotes.Remove(fd);
}
