using LibKqueueSharp.Emulation;
using LibKqueueSharp.Linux;

namespace LibKqueueSharp.CAbi;

/// <summary>
/// A queue whose descriptor belongs to the program, which may duplicate and close it at any time. Two marks on the descriptor's open file tell
/// what has become of it: a signal number that is never sent (F_SETSIG), which says at little cost whether a number stands for the queue; and a
/// lock on a byte of its own (F_OFD_SETLK), which lives as long as the last duplicate.
/// </summary>
internal sealed class SharedQueue
{
    /// <summary>How many marks there are: the signal numbers.</summary>
    internal const int Marks = 64;

    // Other processes lock bytes of the same inode. Two that start at the same byte would keep each other from noticing a close.
    private static long s_nextByte = (Environment.ProcessId * 0x9E37_79B9_7F4AL ^ System.Diagnostics.Stopwatch.GetTimestamp() << 16) & (1L << 62) - 1;

    private readonly EpollPoller _poller;
    private readonly EmulatedQueue _queue;
    private readonly long _byte;

    /// <summary>False where the kernel refuses the lock: then the first number alone counts.</summary>
    private readonly bool _isLocked;

    /// <param name="mark">From 1 to <see cref="Marks"/>.</param>
    /// <exception cref="KqueueException">EMFILE, ENFILE or ENOMEM.</exception>
    internal SharedQueue(int mark)
    {
        Mark = mark;
        _poller = new EpollPoller { SignalFilter = static (queue, poller) => new SignalFilter(queue, poller) };
        _queue = new EmulatedQueue(_poller, Dialect.FreeBsd, TimeProvider.System);
        try
        {
            Number = (int)_queue.Descriptor.DangerousGetHandle();
        }
        catch
        {
            _queue.Dispose();
            throw;
        }

        Native.SetMark(Number, mark);
        foreach (int own in _poller.OwnFiles)
            Native.SetMark(own, mark);
        _byte = Interlocked.Increment(ref s_nextByte);
        _isLocked = Native.TryLock(Number, _byte);
    }

    /// <summary>The descriptor that kqueue(2) returned.</summary>
    internal int Number { get; }

    internal int Mark { get; }

    /// <summary>There are more queues than marks, and another has the same: it alone tells nothing. Written under the table's lock, and never taken back.</summary>
    internal bool SharesMark { get; set; }

    internal int Kevent(ReadOnlySpan<KEvent> changes, Span<KEvent> events, KeventTimeout timeout, out Errno error) =>
        Settings.AnyIn(changes)
            ? Settings.Kevent(this, changes, events, timeout, out error)
            : _queue.Kevent(changes, events, timeout, null, out error);

    /// <summary>One change, without room for its record.</summary>
    internal Errno Apply(KEvent change)
    {
        change.Flags &= ~EventFlags.Receipt;
        _queue.Kevent(new ReadOnlySpan<KEvent>(in change), [], KeventTimeout.Zero, null, out Errno error);
        return error;
    }

    /// <summary>Takes events, without changes.</summary>
    internal int Collect(Span<KEvent> events, KeventTimeout timeout, out Errno error) => _queue.Kevent([], events, timeout, null, out error);

    /// <summary>For the pieces of a wait, by a thread that has entered.</summary>
    internal EmulatedQueue Engine => _queue;

    internal bool TryEnter() => _queue.TryEnter();

    internal int PrepareWait(Span<byte> scratch, int most) => _poller.PrepareWait(scratch, most);

    /// <summary>How often watched files are compared with what they were, in nanoseconds, 0 for never; for files that are registered from now on.</summary>
    internal long FileInterval
    {
        get => _poller.FileInterval;
        set => _poller.FileInterval = value;
    }

    /// <summary>
    /// Whether a number stands for this queue, certainly, and without a change to what it stands for otherwise: its file alone is not in the way of the lock.
    /// </summary>
    internal bool IsAt(int number)
    {
        if (Native.GetMark(number) != Mark || !_queue.TryEnter())
            return false;
        bool isAt = _isLocked
            ? !Native.IsLocked(number, _byte) && Native.IsLocked(_poller.OwnFile, _byte)
            : _poller.IsShownAs(number);
        _queue.Exit();
        return isAt;
    }

    /// <summary>Whether any number still stands for this queue, in this process or in a child that copied it past fork(2).</summary>
    internal bool IsOpen()
    {
        if (!_isLocked)
            return IsAt(Number);
        if (!_queue.TryEnter())
            return false;
        bool isOpen = Native.IsLocked(_poller.OwnFile, _byte);
        _queue.Exit();
        return isOpen;
    }

    /// <summary>It is not in the table any more. Written under the table's lock.</summary>
    internal bool IsAbandoned { get; private set; }

    /// <summary>The program has closed it: its threads return, its registrations go. The number is not closed again, it may be another's.</summary>
    internal void Abandon()
    {
        IsAbandoned = true;
        _queue.Descriptor.SetHandleAsInvalid();
        if (HasOwnFiles())
            _queue.Dispose();
        else
            Lose();
    }

    /// <summary>This is a child of fork(2): only the copies of the descriptors go, what they stand for is the parent's.</summary>
    internal void AbandonInChild()
    {
        IsAbandoned = true;
        if (HasOwnFiles())
            _queue.AbandonInChild();
        else
            Lose();
    }

    /// <summary>
    /// Whether the queue's own descriptors are what they were. A program that closes all numbers in a loop closes these as well, and
    /// its next files get them.
    /// </summary>
    private bool HasOwnFiles()
    {
        foreach (int own in _poller.OwnFiles)
        {
            if (Native.GetMark(own) != Mark)
                return false;
        }

        return true;
    }

    // What is left of them goes, and no number that may be the program's.
    private void Lose()
    {
        _queue.AbandonLost();
        foreach (int own in _poller.OwnFiles)
        {
            if (Native.GetMark(own) == Mark)
                Native.Close(own);
        }
    }
}
