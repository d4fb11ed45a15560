using System.Runtime.InteropServices;
using LibKqueueSharp.Emulation;
using LibKqueueSharp.Linux.Signals;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>
/// A queue's place to sleep: an epoll set, an eventfd that wakes a sleeper, and, once asked for, a second epoll set, an
/// inotify instance and what makes the queue's descriptor readable.
/// </summary>
/// <remarks>
/// Level-triggered knotes use level-triggered epoll, so that one that was served costs nothing at the next scan; knotes with
/// EV_CLEAR, and those whose condition epoll does not know, use EPOLLET (docs/decisions/0002-epoll.md). All fields are guarded by
/// the queue's lock, except where noted.
/// </remarks>
internal sealed partial class EpollPoller : Poller
{
    private const ulong WakeToken = 1;
    private const ulong PendingToken = 2;
    private const ulong AlarmToken = 3;
    private const ulong SecondToken = 4;
    private const ulong FilesToken = 5;
    private const ulong PoisonToken = 6;
    private const ulong ShownToken = 7;
    private const ulong FirstGeneration = 1UL << 32;

    private const int HeaderSize = 16;
    private const int SmallestHarvest = 16;
    private const int MostEntries = 4080;
    private const int None = -1;

    private readonly EpollHandle _epoll;
    private readonly int _number;
    private readonly int _wakeFd;
    private readonly List<Knote> _watched = [];
    private int _secondFd = None;
    private int _pendingFd = None;
    private int _alarmFd = None;
    private int _poisonFd = None;
    private EmulatedQueue _queue = null!;
    private WeakReference<EpollPoller>? _entry;

    /// <summary>
    /// The set in which threads sleep: the queue's own number, until that is handed out. Written under the lock; a wait reads it
    /// without: what was the set is then the set that shows it, and a thread that waits there returns as soon as there is something.
    /// </summary>
    private volatile int _epfd;

    /// <summary>Written under the lock, read without it by <see cref="HasInterest"/>.</summary>
    private volatile int _interest;

    /// <summary>The number of the harvest at hand. Written under the lock; a wait reads it before it begins.</summary>
    private uint _harvest = 1;

    /// <summary>The harvest at hand reported everything that was ready.</summary>
    private bool _complete;

    private readonly int _connectorRoom;

    /// <param name="connectorRoom">Bytes of the process connector's buffer; with 0 it is taken to be closed to this process.</param>
    internal EpollPoller(int connectorRoom = ProcessConnector.UsualRoom)
    {
        _connectorRoom = connectorRoom;
        Queues = new WatchedQueues(this);
        Errno created = Sys.EpollCreate(out _number);
        if (created != Errno.None)
            GC.SuppressFinalize(this);
        Check(created);
        _epfd = _number;
        _epoll = new EpollHandle(_number);
        Errno error = Sys.EventFd(out _wakeFd);
        if (error == Errno.None)
            error = Sys.EpollControl(_epfd, Native.EPOLL_CTL_ADD, _wakeFd, EpollEvents.In | EpollEvents.Edge, WakeToken);
        if (error == Errno.None)
            return;
        GC.SuppressFinalize(this);
        if (_wakeFd >= 0)
            Sys.Close(_wakeFd);
        _epoll.Dispose();
        Check(error);
    }

    internal override bool HasInterest => _interest != 0 || (_mayHaveOrphans && _pendingFd != None);

    internal override int DescriptorCount =>
        2 + Open(_secondFd) + Open(_pendingFd) + Open(_alarmFd) + Open(_poisonFd) + (IsShown ? 1 : 0) + (_files is null ? 0 : 1)
        + _processCount + (_connector is null ? 0 : 1) + (_mounts is null ? 0 : 2) + _signalCount + (_ring is null ? 0 : 1);

    internal override IEnumerable<Filter> CreateFilters(EmulatedQueue queue)
    {
        _queue = queue;
        _signalFilter = new SignalFilter(queue, this);
        return
        [
            new ReadFilter(queue, this),
            new WriteFilter(queue, this),
            new ExceptFilter(queue, this),
            new EmptyFilter(queue, this),
            new ProcFilter(queue, this),
            new ProcDescFilter(queue, this),
            new VnodeFilter(queue, this),
            SignalFilter is null ? _signalFilter : SignalFilter(queue, this),
            new FsFilter(queue, this),
        ];
    }

    internal override unsafe Errno Wait(Span<byte> scratch, int wanted, long nanoseconds, out int entries)
    {
        int room = (scratch.Length - HeaderSize) / sizeof(epoll_event);
        int most = Math.Clamp(wanted, SmallestHarvest, room);
        // The scratch is the caller's own stack, so its address holds; the header is for Harvest.
        MemoryMarshal.Write(scratch, new Header(Volatile.Read(ref _harvest), most));
        UringDriver? ring = _ring;
        uint finished = ring?.Finished ?? 0;
        fixed (byte* at = scratch[HeaderSize..])
        {
            epoll_event* events = (epoll_event*)at;
            if (nanoseconds <= 0)
            {
                entries = Native.EpollWait(_epfd, events, most, nanoseconds == 0 ? 0 : -1);
            }
            else
            {
                timespec timeout = Sys.ToTimespec(nanoseconds);
                entries = Native.EpollPwait2(_epfd, events, most, &timeout, null);
            }
        }

        if (entries >= 0)
            return Errno.None;
        Errno error = Native.LastError();
        entries = 0;
        if (error != Errno.EINTR || ring is null || ring.Finished == finished)
            return error;

        // The kernel interrupts the thread that submitted an operation when it is finished. No signal was handled.
        entries = -1;
        return Errno.None;
    }

    /// <summary>How many entries a wait for so many events asks for.</summary>
    internal static int EntriesFor(int wanted) => Math.Clamp(wanted, SmallestHarvest, MostEntries);

    /// <summary>The bytes that so many entries take, and the header before them.</summary>
    internal static unsafe int ScratchOf(int entries) => HeaderSize + entries * sizeof(epoll_event);

    /// <summary>For a caller that asks the kernel itself, with epoll_wait(2) on the set and room behind the header. Without the lock.</summary>
    /// <returns>The set.</returns>
    internal int PrepareWait(Span<byte> scratch, int most)
    {
        MemoryMarshal.Write(scratch, new Header(Volatile.Read(ref _harvest), most));
        return _epfd;
    }

    internal override void Wake() => Sys.WriteCount(_wakeFd);

    internal override void WakeAll()
    {
        // Level-triggered and never drained: each waiter that returns makes the kernel wake the next.
        Sys.EpollControl(_epfd, Native.EPOLL_CTL_MOD, _wakeFd, EpollEvents.In, WakeToken);
        Sys.WriteCount(_wakeFd);
    }

    internal override void SetPending(bool pending)
    {
        if (pending)
            Sys.WriteCount(_pendingFd);
        else
            Sys.ReadCount(_pendingFd);
    }

    internal override void SetAlarm(long deadline) => Sys.SetTimer(_alarmFd, deadline);

    /// <summary>A queue that nobody disposed of: what it holds are numbers, which no other finalizer closes.</summary>
    ~EpollPoller() => Dispose();

    public override void Dispose()
    {
        GC.SuppressFinalize(this);
        if (_entry is not null)
            EpollQueues.Remove(_number, _entry);
        if (IsShown)
            Sys.Close(_epfd);
        _files?.Dispose();
        DisposeProcesses();
        DisposeSignals();
        _mounts?.Dispose();
        _ring?.Close();
        Close(ref _secondFd);
        Close(ref _pendingFd);
        Close(ref _alarmFd);
        Close(ref _poisonFd);
        Sys.Close(_wakeFd);
        _epoll.Dispose();
    }

    internal override void AbandonInChild()
    {
        _connector?.AbandonInChild();
        _connector = null;
        _epoll.SetHandleAsInvalid();
        if (!IsShown)
            Sys.Close(_number);
        Dispose();
    }

    private static int Open(int fd) => fd == None ? 0 : 1;

    private static void Close(ref int fd)
    {
        if (fd >= 0)
            Sys.Close(fd);
        fd = None;
    }

    private static void Check(Errno error)
    {
        if (error != Errno.None)
            throw new KqueueException(error == Errno.ENOSPC ? Errno.ENOMEM : error, "creating a queue");
    }

    /// <summary>What a wait tells the harvest of its result: the harvest that was current when it began, and how much it asked for.</summary>
    private readonly record struct Header(uint Began, int Asked);

    private sealed class EpollHandle : SafeHandleMinusOneIsInvalid
    {
        internal EpollHandle(int fd)
            : base(ownsHandle: true) => SetHandle(fd);

        protected override bool ReleaseHandle()
        {
            Sys.Close((int)handle);
            return true;
        }
    }
}
