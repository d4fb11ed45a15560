namespace LibKqueueSharp.Windows;

/// <summary>Waits for objects by the port itself, where Windows can do that.</summary>
internal sealed partial class IocpPoller
{
    private const nuint ProcessKey = 5;
    private const nuint AlarmKey = 6;

    /// <summary>Sleeps that are shorter than a tick of the system's clock are worth a timer.</summary>
    private const long ShortSleep = 16 * NanosecondsPerMillisecond;

    private readonly IWaitPackets? _packets;
    private readonly Lazy<PreciseAlarm?> _precise;

    /// <summary>Has the port tell of a process's exit, as long as <see cref="UnwatchProcess"/> is not called; otherwise a thread of the runtime's pool.</summary>
    internal void WatchProcess(WatchedProcess process, nint key, Action exited)
    {
        if (_packets is not null && WaitPacket.Create(_packets, _port, ProcessKey) is { } packet)
        {
            if (process.TryTell(packet, key))
            {
                _interest++;
                return;
            }

            packet.Dispose();
        }

        process.Tell(exited);
    }

    internal void UnwatchProcess(WatchedProcess process)
    {
        if (process.IsToldByPort)
            _interest--;
        process.Dispose();
    }

    private PreciseAlarm? EnterSleep(long nanoseconds, long deadline)
    {
        if (nanoseconds is <= 0 or >= ShortSleep || _packets is null || _precise.Value is not { } alarm)
            return null;
        alarm.Enter(deadline, _queue.Clock.Now);
        return alarm;
    }

    private void EndWaits()
    {
        if (_precise.IsValueCreated)
            _precise.Value?.Dispose();
    }
}
