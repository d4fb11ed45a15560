using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>The argument of poll(2), used by one thread.</summary>
internal sealed class PollSet
{
    private pollfd[] _entries = new pollfd[16];
    private int _count;

    internal void Clear() => _count = 0;

    internal void Add(int fd, EpollEvents wanted)
    {
        if (_count == _entries.Length)
            Array.Resize(ref _entries, 2 * _count);
        _entries[_count++] = new pollfd { fd = fd, events = (short)wanted };
    }

    /// <summary>Waits for any of them; false when the time is over or a signal came.</summary>
    internal bool Wait(int milliseconds) => Sys.PollAny(_entries.AsSpan(0, _count), milliseconds);

    internal bool IsReady(int index) => _entries[index].revents != 0;
}
