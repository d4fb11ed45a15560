using LibKqueueSharp.Benchmarks.Queues;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Rows;

/// <summary>Deadlines between a second and an hour, in an order that no structure expects.</summary>
internal static class Deadlines
{
    private const int Shortest = 1_000;
    private const int Span = 3_600_000;

    internal static int Milliseconds(int index) => Shortest + (int)((uint)index * 2_654_435_761u % Span);
}

/// <summary>A one-shot timer is added and deleted while others are pending.</summary>
internal sealed class KeventTimers<TQueue> : Contender
    where TQueue : struct, IKeventQueue<TQueue>
{
    private readonly TQueue _queue = TQueue.Create();
    private readonly int _pending;
    private int _last;

    internal KeventTimers(int pending)
    {
        _pending = pending;
        try
        {
            for (int i = 0; i < pending; i++)
                _queue.AddTimer(i, Deadlines.Milliseconds(i));
        }
        catch
        {
            _queue.Dispose();
            throw;
        }
    }

    internal override void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            _queue.AddTimer(_pending, Deadlines.Milliseconds(_last++));
            _queue.DeleteTimer(_pending);
        }
    }

    public override void Dispose() => _queue.Dispose();
}

/// <summary>A System.Threading.Timer is made and disposed of while others are pending.</summary>
internal sealed class ThreadingTimers : Contender
{
    private readonly Timer[] _timers;
    private int _last;

    internal ThreadingTimers(int pending)
    {
        _timers = new Timer[pending];
        for (int i = 0; i < pending; i++)
            _timers[i] = Start(i);
    }

    internal override void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
            Start(_last++).Dispose();
    }

    public override void Dispose()
    {
        foreach (Timer timer in _timers)
            timer.Dispose();
    }

    private static Timer Start(int index) => new(static _ => { }, null, Deadlines.Milliseconds(index), Timeout.Infinite);
}
