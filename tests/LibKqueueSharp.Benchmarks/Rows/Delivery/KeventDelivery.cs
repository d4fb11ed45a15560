using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Queues;

namespace LibKqueueSharp.Benchmarks.Rows.Delivery;

/// <summary>EVFILT_READ, level-triggered or with EV_CLEAR.</summary>
internal sealed unsafe class KeventDelivery<TQueue> : DeliveryContender
    where TQueue : struct, IKeventQueue<TQueue>
{
    private readonly KEvent[] _events = new KEvent[Room];
    private readonly TQueue _queue = TQueue.Create();

    internal KeventDelivery(DescriptorSet set, int active, EventFlags flags = EventFlags.None)
        : base(set, active)
    {
        foreach (int fd in set.Readers)
            _queue.Add(fd, flags);
    }

    protected override void Take(int count)
    {
        byte* buffer = stackalloc byte[16];
        while (count > 0)
        {
            int taken = _queue.Wait(_events);
            foreach (ref readonly KEvent e in _events.AsSpan(0, taken))
                count -= (int)Libc.Read((int)e.Ident, buffer, 16);
        }
    }

    public override void Dispose()
    {
        _queue.Dispose();
        base.Dispose();
    }
}
