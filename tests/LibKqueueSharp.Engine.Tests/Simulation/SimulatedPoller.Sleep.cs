using System.Diagnostics;

namespace LibKqueueSharp.Engine.Tests.Simulation;

/// <summary>
/// Two ways to sleep. With a virtual clock, sleeping moves the clock, and what a test has scheduled happens on the way, as if
/// another thread had done it. Without one, threads sleep on a monitor.
/// </summary>
internal sealed partial class SimulatedPoller(VirtualClock? clock = null)
{
    private readonly PriorityQueue<Action, long> _schedule = new();
    private int _inside;
    private int _signals;
    private bool _frozen;

    /// <summary>Calls of <see cref="Wait"/> that were allowed to sleep.</summary>
    internal int Sleeps { get; private set; }

    /// <summary>Calls of <see cref="Wake"/>.</summary>
    internal int Wakes { get; private set; }

    /// <summary>Threads that sleep in <see cref="Wait"/> now.</summary>
    internal int Sleeping { get; private set; }

    /// <summary>The next sleep that finds nothing ready ends with EINTR.</summary>
    internal void Signal()
    {
        lock (_kernel)
        {
            _signals++;
            Monitor.Pulse(_kernel);
        }
    }

    /// <summary>Does something while the queue sleeps, at a time of the virtual clock from now on.</summary>
    internal void After(double milliseconds, Action action) =>
        _schedule.Enqueue(action, clock!.Now + (long)(milliseconds * 1e6));

    /// <summary>Keeps sleepers from taking anything until <see cref="Thaw"/>: the scheduler is busy elsewhere.</summary>
    internal void Freeze()
    {
        lock (_kernel)
            _frozen = true;
    }

    internal void Thaw()
    {
        lock (_kernel)
        {
            _frozen = false;
            Monitor.PulseAll(_kernel);
        }
    }

    internal override Errno Wait(Span<byte> scratch, int wanted, long nanoseconds, out int entries)
    {
        lock (_kernel)
        {
            CaughtByDispose += Disposals;
            _inside++;
            if (nanoseconds != 0)
                Sleeps++;
            Errno error = WaitLocked(scratch, wanted, nanoseconds, out entries);
            _inside--;
            return error;
        }
    }

    private Errno WaitLocked(Span<byte> scratch, int wanted, long nanoseconds, out int entries)
    {
        long started = Now;
        while (true)
        {
            entries = _frozen && nanoseconds != 0 ? 0 : TakeReady(scratch, wanted);
            long left = nanoseconds < 0 ? long.MaxValue : nanoseconds - (Now - started);
            if (entries != 0 || _allWoken)
                return Errno.None;
            if (_signals > 0 && nanoseconds != 0)
            {
                _signals--;
                return Errno.EINTR;
            }

            if (left <= 0)
                return Errno.None;

            Sleeping++;
            if (clock is null)
                Monitor.Wait(_kernel, (int)Math.Min(int.MaxValue, left / 1_000_000 + 1));
            else
                SleepVirtually(left);
            Sleeping--;
        }
    }

    private long Now => clock?.Now ?? Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency);

    private void SleepVirtually(long left)
    {
        bool scheduled = _schedule.TryPeek(out _, out long next) && next - clock!.Now < left;
        if (!scheduled && left == long.MaxValue)
            throw new InvalidOperationException("The queue sleeps for ever, and nothing is going to happen.");
        clock!.AdvanceTo(scheduled ? next : clock.Now + left);
        if (!scheduled)
            return;

        // What happens now is another thread's doing: it may call into the queue, whose lock is not held here.
        Action action = _schedule.Dequeue();
        Monitor.Exit(_kernel);
        try
        {
            action();
        }
        finally
        {
            Monitor.Enter(_kernel);
        }
    }
}
