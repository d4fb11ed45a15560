using System.Runtime.InteropServices;
using LibKqueueSharp.Emulation;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Windows;

/// <summary>
/// A queue's place to sleep: an I/O completion port. Polls of sockets end there, and so do the packets that wake a sleeper. All fields are
/// guarded by the queue's lock, except where noted.
/// </summary>
internal sealed partial class IocpPoller : Poller
{
    private const nuint WakeKey = 1;
    private const nuint CloseKey = 2;
    private const nuint PollKey = 3;

    private const long NanosecondsPerMillisecond = 1_000_000;

    private readonly nint _port;
    private readonly bool _fallbacks;
    private EmulatedQueue _queue = null!;
    private ReadFilter _readFilter = null!;
    private ProcFilter _processes = null!;

    /// <summary>Made when the descriptor is asked for.</summary>
    private EventWaitHandle? _shown;
    private Timer? _alarm;
    private volatile bool _pending;

    private readonly SignalSource _signals;

    /// <param name="fallbacks">Uses nothing that some Windows does not have.</param>
    /// <param name="signals">Where signals come from.</param>
    /// <param name="packets">Wait-completion packets, where not those of the system.</param>
    internal IocpPoller(bool fallbacks, SignalSource signals, IWaitPackets? packets = null)
    {
        _signals = signals;
        _fallbacks = fallbacks;
        _packets = packets ?? (fallbacks ? null : SystemWaitPackets.IfAny);
        _precise = new Lazy<PreciseAlarm?>(() => PreciseAlarm.Create(_packets!, _port, AlarmKey));
        Self = new WeakReference<IocpPoller>(this);
        Errno error = Sys.CreatePort(out _port);
        if (error == Errno.None)
            return;
        GC.SuppressFinalize(this);
        throw new KqueueException(error, "creating a queue");
    }

    internal WeakReference<IocpPoller> Self { get; }

    internal EmulatedQueue Queue => _queue;

    internal nint Port => _port;

    /// <summary>How many polls were under way at one time, at most.</summary>
    internal int PollCount => _polls.Count;

    internal override bool HasInterest => _interest != 0;

    internal override int DescriptorCount => 1 + _afd.Count + (_shown is null ? 0 : 1) + (_files?.HandleCount ?? 0) + _jobs.Count;

    internal override SafeHandle Descriptor => (SafeHandle?)_shown?.SafeWaitHandle ?? new SafeWaitHandle(0, ownsHandle: false);

    internal override IEnumerable<Filter> CreateFilters(EmulatedQueue queue)
    {
        _queue = queue;
        _readFilter = new ReadFilter(queue, this);
        _processes = new ProcFilter(queue, this);
        return
        [
            _readFilter,
            new WriteFilter(queue, this),
            new ExceptFilter(queue, this),
            _processes,
            new VnodeFilter(queue, this),
            new SignalFilter(queue, _signals),
        ];
    }

    /// <summary>A harvest takes what has found no room.</summary>
    internal override int ScratchToCount => ScratchSize;

    internal override Errno Wait(Span<byte> scratch, int wanted, long nanoseconds, out int entries)
    {
        long deadline = nanoseconds > 0 ? QueueClock.Add(_queue.Clock.Now, nanoseconds) : 0;
        PreciseAlarm? alarm = EnterSleep(nanoseconds, deadline);
        entries = Sleep(scratch, nanoseconds, deadline);
        alarm?.Leave(deadline);
        return Errno.None;
    }

    private int Sleep(Span<byte> scratch, long nanoseconds, long deadline)
    {
        while (true)
        {
            int entries = Sys.TakePackets(_port, scratch, Milliseconds(nanoseconds));
            Seen(scratch, entries);
            Interlocked.Add(ref _inHand, entries);
            if (entries != 0 || nanoseconds == 0)
                return entries;

            // A wait may end up to a tick of the system's clock early; the queue's own clock decides.
            if (nanoseconds > 0)
                nanoseconds = Math.Max(0, deadline - _queue.Clock.Now);
        }
    }

    internal override void Wake() => Sys.Post(_port, WakeKey);

    /// <summary>Closing the port would wake nobody under Wine. Who takes the packet posts it again, so one is enough for all waiters, now and later.</summary>
    internal override void WakeAll() => Sys.Post(_port, CloseKey);

    /// <summary>What is done with packets without the lock, and also when the queue turns out to be closed.</summary>
    private void Seen(ReadOnlySpan<byte> scratch, int entries)
    {
        foreach (ref readonly Native.Packet packet in MemoryMarshal.Cast<byte, Native.Packet>(scratch)[..entries])
        {
            if (packet.Key == CloseKey)
                Sys.Post(_port, CloseKey);
            else if (packet.Key == PollKey)
                Interlocked.Decrement(ref _outstanding);
            else if (packet.Key == AlarmKey)
                _precise.Value!.Taken(packet.Context, _queue.Clock);
        }
    }

    internal override Errno Export()
    {
        _shown = new EventWaitHandle(false, EventResetMode.ManualReset);
        NestedQueues.Show((nuint)_shown.SafeWaitHandle.DangerousGetHandle(), this);
        _alarm = new Timer(static shown => Show((EventWaitHandle)shown!), _shown, Timeout.Infinite, Timeout.Infinite);
        return Errno.None;
    }

    internal override void SetPending(bool pending)
    {
        _pending = pending;
        if (pending)
            _shown!.Set();
        else
            _shown!.Reset();
    }

    internal override void SetAlarm(long deadline)
    {
        if (!_pending)
            _shown!.Reset();
        long milliseconds = deadline == long.MaxValue
            ? Timeout.Infinite
            : Math.Clamp((deadline - _queue.Clock.Now) / NanosecondsPerMillisecond + 1, 0, uint.MaxValue - 2);
        _alarm!.Change(milliseconds, Timeout.Infinite);
    }

    /// <summary>A queue that nobody disposed of: the kernel may still write to the memory of its polls.</summary>
    ~IocpPoller() => Dispose();

    public override void Dispose()
    {
        GC.SuppressFinalize(this);
        _alarm?.Dispose();
        if (_shown is not null)
            NestedQueues.Hide((nuint)_shown.SafeWaitHandle.DangerousGetHandle());
        _shown?.Dispose();
        EndJobs();
        EndWaits();
        EndFiles();
        EndPolls();
        foreach (AfdHandle afd in _afd)
            Sys.Close(afd.Handle);
        Sys.Close(_port);
    }

    // The alarm may come while the queue is being closed.
    private static void Show(EventWaitHandle shown)
    {
        try
        {
            shown.Set();
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private static uint Milliseconds(long nanoseconds) =>
        nanoseconds < 0
            ? uint.MaxValue
            : (uint)Math.Min(int.MaxValue, (nanoseconds + NanosecondsPerMillisecond - 1) / NanosecondsPerMillisecond);
}
