using LibKqueueSharp.Emulation;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Windows;

/// <summary>
/// Ends short sleeps in time, where the timeout of a port is as coarse as the ticks of the system's clock (15.6 ms): a high-resolution timer whose packet wakes
/// some thread of the port. Which one does not matter to a timer of the queue, since any takes it. One that comes for a sleep that is over wakes for nothing; the time itself
/// is decided by the queue's clock. Any thread may call any member.
/// </summary>
internal sealed class PreciseAlarm : IDisposable
{
    private const long NanosecondsPerUnit = 100;

    private readonly SafeWaitHandle _timer;
    private readonly WaitPacket _packet;

    /// <summary>Guards what follows. No other lock is taken under it.</summary>
    private readonly Lock _gate = new();

    /// <summary>When those who sleep now want to be woken.</summary>
    private readonly List<long> _wanted = [];
    private long _set = long.MaxValue;

    /// <summary>What the packet of the last setting carries: an earlier one may have been taken and not told yet.</summary>
    private nint _setting;

    private PreciseAlarm(SafeWaitHandle timer, WaitPacket packet)
    {
        _timer = timer;
        _packet = packet;
    }

    /// <returns>Null where the system has no such timers.</returns>
    internal static PreciseAlarm? Create(IWaitPackets calls, nint port, nuint key)
    {
        nint timer = Sys.CreatePreciseTimer();
        if (timer == 0)
            return null;
        SafeWaitHandle owned = new(timer, ownsHandle: true);
        if (WaitPacket.Create(calls, port, key) is { } packet)
            return new PreciseAlarm(owned, packet);
        owned.Dispose();
        return null;
    }

    internal void Enter(long deadline, long now)
    {
        lock (_gate)
        {
            _wanted.Add(deadline);
            if (deadline < _set)
                Set(deadline, now);
        }
    }

    internal void Leave(long deadline)
    {
        lock (_gate)
            _wanted.Remove(deadline);
    }

    /// <summary>A thread has taken the packet. Sleeps that are over are not woken for again: that thread is awake.</summary>
    internal void Taken(nint setting, QueueClock clock)
    {
        lock (_gate)
        {
            if (setting != _setting)
                return;
            _set = long.MaxValue;
            long now = clock.Now;
            long next = long.MaxValue;
            foreach (long deadline in _wanted)
            {
                if (deadline > now)
                    next = Math.Min(next, deadline);
            }

            if (next != long.MaxValue)
                Set(next, now);
        }
    }

    public void Dispose()
    {
        _packet.Dispose();
        _timer.Dispose();
    }

    /// <summary>Setting a timer makes it unsignaled, so the packet is associated afterwards. A packet that cannot be taken back comes at once, and then it is set again.</summary>
    private void Set(long deadline, long now)
    {
        if (_set != long.MaxValue && !_packet.End())
            return;
        _set = long.MaxValue;
        long units = Math.Max(1, (deadline - now + NanosecondsPerUnit - 1) / NanosecondsPerUnit);
        nint timer = _timer.DangerousGetHandle();
        if (Sys.SetTimer(timer, units) && _packet.Begin(timer, ++_setting))
            _set = deadline;
    }
}
