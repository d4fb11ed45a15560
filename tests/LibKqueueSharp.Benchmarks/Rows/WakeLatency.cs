using System.Diagnostics;
using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Rows;

/// <summary>From just before a signal is given to a thread that sleeps, until it runs. The value is the median.</summary>
internal sealed class WakeLatency<TSignal> : Contender
    where TSignal : struct, ISignal<TSignal>
{
    private static readonly long s_sleepy = Stopwatch.Frequency / 50_000;

    private readonly TSignal _signal = TSignal.Create();
    private readonly Affinity _here = Affinity.Pin(last: false);
    private readonly Thread _sleeper;
    private readonly List<double> _latencies = [];
    private long _given;
    private int _waits;
    private int _wakes;
    private volatile bool _over;

    internal WakeLatency()
    {
        _sleeper = new Thread(Sleep) { IsBackground = true };
        _sleeper.Start();
    }

    internal override void Run(int operations)
    {
        _latencies.Clear();
        _latencies.EnsureCapacity(operations);
        for (int i = 0; i < operations; i++)
        {
            int wake = Volatile.Read(ref _wakes) + 1;
            SpinUntil(ref _waits, wake);
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetTimestamp() - start < s_sleepy)
                Thread.SpinWait(10);
            Volatile.Write(ref _given, Stopwatch.GetTimestamp());
            _signal.Give();
            SpinUntil(ref _wakes, wake);
        }
    }

    internal override double Value(double nanoseconds, int operations) =>
        Statistics.Median(_latencies) * 1e9 / Stopwatch.Frequency;

    public override void Dispose()
    {
        _over = true;
        _signal.Give();
        _sleeper.Join();
        _here.Dispose();
        _signal.Dispose();
    }

    // Written by this thread before it counts the wake-up, read by the other after it has seen the count.
    private void Sleep()
    {
        using Affinity there = Affinity.Pin(last: true);
        while (true)
        {
            Volatile.Write(ref _waits, _waits + 1);
            _signal.Take();
            long now = Stopwatch.GetTimestamp();
            if (_over)
                return;
            _latencies.Add(now - Volatile.Read(ref _given));
            Volatile.Write(ref _wakes, _wakes + 1);
        }
    }

    // The two threads have a processor each where there are two; where there is one, this one gives way.
    private static void SpinUntil(ref int counter, int value)
    {
        SpinWait spin = default;
        while (Volatile.Read(ref counter) < value)
        {
            if (Environment.ProcessorCount > 1)
                Thread.SpinWait(10);
            else
                spin.SpinOnce(sleep1Threshold: -1);
        }
    }
}
