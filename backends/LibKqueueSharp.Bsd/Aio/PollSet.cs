using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kernels;

/// <summary>
/// The argument of poll(2), used by one thread. A descriptor has one entry, however many wait for it: a kernel refuses more entries than there can be open
/// descriptors (RLIMIT_NOFILE; poll(2) of each BSD and of macOS).
/// </summary>
internal sealed class PollSet(FileCalls calls)
{
    private readonly Dictionary<int, int> _indexes = [];
    private PollEntry[] _entries = new PollEntry[16];

    internal void Clear() => _indexes.Clear();

    internal void Add(int fd, bool reads)
    {
        int count = _indexes.Count;
        ref int index = ref CollectionsMarshal.GetValueRefOrAddDefault(_indexes, fd, out bool known);
        if (known)
        {
            _entries[index].Add(reads);
            return;
        }

        if (count == _entries.Length)
            Array.Resize(ref _entries, 2 * count);
        index = count;
        _entries[count] = PollEntry.For(fd, reads);
    }

    /// <summary>Waits for any of them. How many are ready, or a negative errno of ours.</summary>
    internal long Wait(int milliseconds) => calls.Poll(_entries.AsSpan(0, _indexes.Count), milliseconds);

    /// <summary>Whether one that was added is ready, or has failed, as it was looked at last.</summary>
    internal bool IsReady(int fd, bool reads) => _entries[_indexes[fd]].IsReadyFor(reads);

    /// <summary>As <see cref="IsReady"/>, looked at now.</summary>
    internal bool IsStillReady(int fd, bool reads) => IsReady(fd, reads) && calls.Poll(_entries.AsSpan(_indexes[fd], 1), 0) > 0 && IsReady(fd, reads);
}
