using System.Runtime.InteropServices;
using LibKqueueSharp.Emulation;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Engine.Tests.Simulation;

/// <summary>
/// A kernel in memory that behaves as the contract of <see cref="Poller"/> says and not a bit better: a wake-up reaches one
/// thread, an edge is reported to one wait, and a wait that polls may take either from a sleeper.
/// </summary>
internal sealed partial class SimulatedPoller : Poller
{
    private const ulong WakeToken = 0;

    /// <summary>The wish of the caller is a hint: like epoll in our use, a wait may take more than that.</summary>
    private const int SmallestHarvest = 16;

    /// <summary>Guards all fields; taken with the queue's lock held or without, and never the other way round.</summary>
    private readonly object _kernel = new();
    private readonly Dictionary<nuint, SimulatedSource> _sources = [];
    private readonly Dictionary<ulong, SimulatedSource> _registered = [];
    private readonly List<SimulatedSource> _ready = [];
    private readonly SafeFileHandle _descriptor = new(-1, ownsHandle: false);
    private EmulatedQueue _queue = null!;
    private volatile int _interest;
    private ulong _lastId = WakeToken;
    private bool _woken;
    private bool _allWoken;

    internal override bool HasInterest => _interest != 0;

    internal override int DescriptorCount => 0;

    internal override SafeHandle Descriptor => _descriptor;

    internal bool IsPending { get; private set; }

    internal long Alarm { get; private set; } = long.MaxValue;

    internal int Disposals { get; private set; }

    /// <summary>How many threads were in <see cref="Wait"/> when the poller was disposed of, or came later.</summary>
    internal int CaughtByDispose { get; private set; }

    internal override IEnumerable<Filter> CreateFilters(EmulatedQueue queue)
    {
        _queue = queue;
        return [new SimulatedReadFilter(queue, this)];
    }

    internal override void Harvest(ReadOnlySpan<byte> scratch, int entries)
    {
        ReadOnlySpan<ulong> tokens = MemoryMarshal.Cast<byte, ulong>(scratch);
        for (int i = 0; i < entries; i++)
        {
            if (tokens[i] == WakeToken)
                _queue.WakeSeen();
            else if (FindRegistered(tokens[i]) is { } kn)
                Report(kn);
        }
    }

    internal override void Wake()
    {
        lock (_kernel)
        {
            Wakes++;
            _woken = true;
            Monitor.Pulse(_kernel);
        }
    }

    internal override void WakeAll()
    {
        lock (_kernel)
        {
            _allWoken = true;
            Monitor.PulseAll(_kernel);
        }
    }

    internal override Errno Export() => Errno.None;

    internal override void SetPending(bool pending) => IsPending = pending;

    internal override void SetAlarm(long deadline) => Alarm = deadline;

    public override void Dispose()
    {
        lock (_kernel)
        {
            Disposals++;
            CaughtByDispose += _inside;
        }
    }

    private Knote? FindRegistered(ulong id)
    {
        lock (_kernel)
            return _registered.TryGetValue(id, out SimulatedSource? source) ? source.Knote : null;
    }

    private void Report(Knote kn)
    {
        if (!kn.Is(KnoteStatus.Disabled))
            _queue.Activate(kn);
        else if (SimulatedReadFilter.IsEdge(kn, _queue.Dialect))
            kn.Status |= KnoteStatus.Active;
        else
            Park(kn, parked: true);
    }

    private int TakeReady(Span<byte> scratch, int wanted)
    {
        Span<ulong> tokens = MemoryMarshal.Cast<byte, ulong>(scratch);
        int most = Math.Clamp(wanted, SmallestHarvest, tokens.Length);
        int count = 0;
        if (_woken)
        {
            _woken = false;
            tokens[count++] = WakeToken;
        }

        for (int left = _ready.Count; left > 0 && count < most; left--)
        {
            SimulatedSource source = _ready[0];
            _ready.RemoveAt(0);
            source.IsListed = false;
            if (!source.IsReady)
                continue;
            tokens[count++] = source.Id;
            source.HasEdge = false;
            List(source);
        }

        return count;
    }

    /// <summary>Puts a ready source into the list, and wakes one sleeper for it.</summary>
    private void List(SimulatedSource source)
    {
        if (!source.IsReady || source.IsListed)
            return;
        source.IsListed = true;
        _ready.Add(source);
        Monitor.Pulse(_kernel);
    }
}
