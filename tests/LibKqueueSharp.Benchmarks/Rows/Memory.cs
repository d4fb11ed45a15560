using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Queues;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Rows;

/// <summary>How many bytes, managed and from malloc, many registrations take.</summary>
internal abstract class Memory(int count) : Contender
{
    private long _before;
    private long _after;

    protected int Count { get; } = count;

    internal override int? Operations => 1;

    internal override void Run(int operations)
    {
        _before = Heap.BytesInUse();
        Register();
        _after = Heap.BytesInUse();
    }

    internal override double Value(double nanoseconds, int operations) => (double)(_after - _before) / Count;

    protected abstract void Register();
}

/// <summary>Knotes of one filter.</summary>
internal sealed class KnoteMemory<TQueue>(EventFilter filter, int count) : Memory(count)
    where TQueue : struct, IKeventQueue<TQueue>
{
    private readonly DescriptorSet _set = DescriptorSet.Sockets(filter == EventFilter.Read ? count : 0);
    private readonly TQueue _queue = TQueue.Create();

    protected override void Register()
    {
        for (int i = 0; i < Count; i++)
        {
            if (filter == EventFilter.Read)
                _queue.Add(_set.Readers[i]);
            else if (filter == EventFilter.Timer)
                _queue.AddTimer(i, Deadlines.Milliseconds(i));
            else
                _queue.AddUserEvent(i);
        }
    }

    public override void Dispose()
    {
        _queue.Dispose();
        _set.Dispose();
    }
}

/// <summary>Objects of System.Threading.Timer.</summary>
internal sealed class TimerMemory(int count) : Memory(count)
{
    private readonly Timer?[] _timers = new Timer?[count];

    protected override void Register()
    {
        for (int i = 0; i < Count; i++)
            _timers[i] = new Timer(static _ => { }, null, Deadlines.Milliseconds(i), Timeout.Infinite);
    }

    public override void Dispose()
    {
        foreach (Timer? timer in _timers)
            timer?.Dispose();
    }
}
