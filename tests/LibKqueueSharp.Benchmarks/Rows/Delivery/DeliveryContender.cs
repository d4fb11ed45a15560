using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Rows.Delivery;

/// <summary>
/// Some of many descriptors become readable, their events are taken, and each is read. One operation is one event, with the write that
/// causes it and the read that ends it. The active ones move through the whole set.
/// </summary>
internal abstract class DeliveryContender(DescriptorSet set, int active) : Contender
{
    /// <summary>How many events one call can take.</summary>
    protected const int Room = 128;

    // A prime, so that it visits all of a set whose size has other factors.
    private const int Stride = 7919;

    private int _next;

    internal override int Grain => active;

    protected DescriptorSet Set { get; } = set;

    /// <summary>Each descriptor's first event, at which its kind is found out, is not what is measured.</summary>
    internal override void Prime()
    {
        for (int done = 0; done < Set.Count; done += Room)
            Deliver(Math.Min(Room, Set.Count - done));
    }

    internal override void Run(int operations)
    {
        for (int done = 0; done < operations; done += active)
            Deliver(active);
    }

    /// <summary>Takes so many events and reads what they announce.</summary>
    protected abstract void Take(int count);

    /// <summary>Called before the first write of a round.</summary>
    protected virtual void Expect(int count)
    {
    }

    public override void Dispose() => Set.Dispose();

    private void Deliver(int count)
    {
        Expect(count);
        for (int i = 0; i < count; i++)
        {
            Set.Write(_next);
            _next = (_next + Stride) % Set.Count;
        }

        Take(count);
    }
}
