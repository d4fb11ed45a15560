using System.Diagnostics;

namespace LibKqueueSharp.Stress;

/// <summary>One run of a hazard: its threads, its end, and the first rule that was broken.</summary>
internal sealed class Trial(int threads, TimeSpan duration, int seed)
{
    /// <summary>Far more than a loaded machine needs for one round.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The threads of asynchronous I/O, and the descriptor that wakes them, stay for a second or two after the last operation.</summary>
    private static readonly TimeSpan s_lifeOfAThread = TimeSpan.FromSeconds(10);

    private readonly List<Thread> _threads = [];
    private readonly List<IDisposable> _owned = [];
    private readonly List<Action> _atEnd = [];
    private readonly Stopwatch _clock = new();

    // Both written with Interlocked.
    private string? _failure;
    private long _done;

    internal int Threads => threads;

    /// <summary>At least one.</summary>
    internal int HalfOfThreads => Math.Max(1, threads / 2);

    internal bool IsOver => _clock.Elapsed >= duration || Volatile.Read(ref _failure) is not null;

    internal bool HasHung { get; private set; }

    /// <summary>How many rounds were done, of all threads.</summary>
    internal long Done => Volatile.Read(ref _done);

    internal void Count() => Interlocked.Increment(ref _done);

    internal void Fail(string failure) => Interlocked.CompareExchange(ref _failure, failure, null);

    internal Random NewRandom(int index) => new(HashCode.Combine(seed, threads, index));

    /// <summary>Disposed of when all threads have ended.</summary>
    internal T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>Called when the time is over, before the threads are waited for.</summary>
    internal void AtEnd(Action action) => _atEnd.Add(action);

    internal void Start(int count, Action<int> body)
    {
        for (int i = 0; i < count; i++)
        {
            int index = i;
            _threads.Add(new Thread(() => Guard(() => body(index))) { IsBackground = true, Name = $"{body.Method.Name} {i}" });
        }
    }

    /// <returns>What was broken, or null.</returns>
    internal string? Run(Hazard hazard)
    {
        HashSet<string> before = Descriptors.Open();
        hazard.Start(this);
        _clock.Start();
        _threads.ForEach(t => t.Start());
        while (!IsOver)
            Thread.Sleep(1);
        _atEnd.ForEach(Guard);
        TimeSpan limit = _clock.Elapsed + Patience;
        foreach (Thread thread in _threads)
        {
            TimeSpan left = limit - _clock.Elapsed;
            if (thread.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero))
                continue;
            Fail($"{thread.Name} did not end within {Patience}");
            HasHung = true;
            return _failure;
        }

        _owned.ForEach(o => o.Dispose());
        HashSet<string> leaked;
        long ended = Stopwatch.GetTimestamp();
        do
        {
            leaked = Descriptors.Open();
            leaked.ExceptWith(before);
        }
        while (leaked.Count != 0 && Stopwatch.GetElapsedTime(ended) < s_lifeOfAThread);
        if (leaked.Count != 0)
            Fail($"left open: {string.Join(", ", leaked)}");
        if (Done == 0)
            Fail("no round was done");
        return _failure;
    }

    private void Guard(Action body)
    {
        try
        {
            body();
        }
        catch (Exception e)
        {
            Fail(e.ToString());
        }
    }
}
