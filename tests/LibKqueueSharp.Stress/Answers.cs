namespace LibKqueueSharp.Stress;

/// <summary>Where the one who caused an event waits for the one who got it: exactly one answer each.</summary>
internal sealed class Answers(int count) : IDisposable
{
    private readonly SemaphoreSlim[] _given = [.. Enumerable.Range(0, count).Select(_ => new SemaphoreSlim(0))];

    // Interlocked.
    private int _asking = count;

    internal void Give(int index) => _given[index].Release();

    /// <summary>Causes one event after the other, each when the last one was answered, until the trial is over.</summary>
    internal void Ask(int index, Trial trial, Action cause)
    {
        while (!trial.IsOver)
        {
            cause();
            if (!_given[index].Wait(Trial.Patience))
                trial.Fail($"{index} was not handed out within {Trial.Patience}");
            else if (_given[index].CurrentCount != 0)
                trial.Fail($"{index} was handed out twice");
            trial.Count();
        }

        Interlocked.Decrement(ref _asking);
    }

    /// <summary>Until nobody waits for an answer any more.</summary>
    internal void AwaitAll()
    {
        long patience = Environment.TickCount64 + 2 * (long)Trial.Patience.TotalMilliseconds;
        while (Volatile.Read(ref _asking) != 0 && Environment.TickCount64 < patience)
            Thread.Sleep(1);
    }

    public void Dispose()
    {
        foreach (SemaphoreSlim given in _given)
            given.Dispose();
    }
}
