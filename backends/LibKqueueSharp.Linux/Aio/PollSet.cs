using System.Runtime.InteropServices;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>
/// The argument of poll(2), used by one thread. A descriptor has one entry, however many wait for it: poll(2) refuses more entries than RLIMIT_NOFILE.
/// </summary>
internal sealed class PollSet
{
    /// <summary>POLLNVAL: a closed descriptor, of which the operation itself shall tell.</summary>
    private const EpollEvents Invalid = (EpollEvents)0x20;

    private readonly Dictionary<int, int> _indexes = [];
    private pollfd[] _entries = new pollfd[16];

    internal void Clear() => _indexes.Clear();

    internal void Add(int fd, EpollEvents wanted)
    {
        int count = _indexes.Count;
        ref int index = ref CollectionsMarshal.GetValueRefOrAddDefault(_indexes, fd, out bool known);
        if (known)
        {
            _entries[index].events |= (short)wanted;
            return;
        }

        if (count == _entries.Length)
            Array.Resize(ref _entries, 2 * count);
        index = count;
        _entries[count] = new pollfd { fd = fd, events = (short)wanted };
    }

    /// <summary>Waits for any of them; false when the time is over or a signal came.</summary>
    internal bool Wait(int milliseconds) => Sys.PollAny(_entries.AsSpan(0, _indexes.Count), milliseconds);

    /// <summary>
    /// Whether one that was added has what is wanted of it, or has failed. What it has is taken by one: the next has to be polled for again, since
    /// there may be nothing left for it.
    /// </summary>
    internal bool TakeReady(int fd, EpollEvents wanted)
    {
        ref pollfd entry = ref _entries[_indexes[fd]];
        bool ready = ((EpollEvents)(ushort)entry.revents & (wanted | EpollEvents.Always | Invalid)) != 0;
        entry.revents &= (short)~wanted;
        return ready;
    }
}
