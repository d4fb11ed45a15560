namespace LibKqueueSharp.Stress;

/// <summary>
/// Numbers that only grow. A thread that reads them before a call knows what had happened before the call began, so that an event of something
/// older is a mistake of the queue, whatever else ran meanwhile.
/// </summary>
internal sealed class Versions(int count)
{
    // An entry is set by one thread, or only raised, by several; Volatile and Interlocked, so that what it says happened before.
    private readonly long[] _numbers = new long[count];

    internal long this[int index]
    {
        get => Volatile.Read(ref _numbers[index]);
        set => Volatile.Write(ref _numbers[index], value);
    }

    internal void Raise(int index, long to)
    {
        for (long now = this[index]; now < to;)
            now = Interlocked.CompareExchange(ref _numbers[index], to, now) is var found && found == now ? to : found;
    }

    internal void CopyTo(Span<long> numbers)
    {
        for (int i = 0; i < _numbers.Length; i++)
            numbers[i] = this[i];
    }
}
