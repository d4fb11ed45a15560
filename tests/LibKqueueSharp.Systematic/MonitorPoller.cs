using System.Runtime.InteropServices;
using LibKqueueSharp.Emulation;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Systematic;

/// <summary>A place to sleep that reports wake-ups and nothing else: one wake-up reaches one thread.</summary>
internal sealed class MonitorPoller : Poller
{
    private readonly object _kernel = new();
    private EmulatedQueue _queue = null!;

    // Both guarded by _kernel.
    private bool _woken;
    private bool _allWoken;

    internal override bool HasInterest => false;

    internal override int DescriptorCount => 0;

    internal override SafeHandle Descriptor { get; } = new SafeFileHandle(-1, ownsHandle: false);

    internal override IEnumerable<Filter> CreateFilters(EmulatedQueue queue)
    {
        _queue = queue;
        return [];
    }

    internal override Errno Wait(Span<byte> scratch, int wanted, long nanoseconds, out int entries)
    {
        lock (_kernel)
        {
            while (nanoseconds != 0 && !_woken && !_allWoken)
                Monitor.Wait(_kernel);
            entries = _woken ? 1 : 0;
            _woken = false;
            return Errno.None;
        }
    }

    internal override void Harvest(ReadOnlySpan<byte> scratch, int entries)
    {
        if (entries > 0)
            _queue.WakeSeen();
    }

    internal override void Wake()
    {
        lock (_kernel)
        {
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

    internal override void SetPending(bool pending)
    {
    }

    internal override void SetAlarm(long deadline)
    {
    }

    public override void Dispose()
    {
    }
}
