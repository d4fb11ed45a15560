using System.Runtime.InteropServices;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>A file that an inotify watch stands for, and the descriptors whose knotes watch it.</summary>
internal sealed class WatchedFile(int watch, in stat status)
{
    private readonly ulong _device = (ulong)status.st_dev;
    private readonly ulong _inode = (ulong)status.st_ino;
    private readonly Dictionary<int, int> _knotes = [];

    internal int Watch { get; } = watch;

    /// <summary>The kernel has taken the watch back.</summary>
    internal bool IsGone { get; set; }

    internal bool IsUnused => _knotes.Count == 0;

    internal Dictionary<int, int>.KeyCollection Descriptors => _knotes.Keys;

    internal bool Is(in stat status) => !IsGone && (ulong)status.st_dev == _device && (ulong)status.st_ino == _inode;

    /// <summary>How many knotes of a descriptor watch the file.</summary>
    internal ref int Users(int fd) => ref CollectionsMarshal.GetValueRefOrAddDefault(_knotes, fd, out _);

    internal void Forget(int fd) => _knotes.Remove(fd);
}
