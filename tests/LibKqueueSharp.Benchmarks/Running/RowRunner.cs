using System.Diagnostics;
using LibKqueueSharp.Benchmarks.Native;

namespace LibKqueueSharp.Benchmarks.Running;

/// <summary>
/// Runs a row: warms every contender up, then lets them take turns, first to last and last to first alternately, so that what changes
/// on the machine meets all of them.
/// </summary>
internal sealed class RowRunner(Effort effort)
{
    private const int LeastWarmUpCalls = 100;
    private const double ChunkNanoseconds = 200_000;

    internal RowResult Run(Row row)
    {
        List<Runner> runners = [];
        foreach ((Role role, Func<Contender> create) in row.Contenders)
            runners.Add(new Runner(role, row.Group.NameOf(role), create));
        foreach (Runner runner in runners)
            Guard(runner, WarmUp);
        int rounds = Math.Min(effort.Rounds, row.MostRounds);
        for (int round = 0; round < rounds; round++)
        {
            foreach (Runner runner in runners)
                Guard(runner, Measure);
            runners.Reverse();
        }

        return new RowResult(row, [.. runners.OrderBy(r => r.Role).Select(r => r.Result)]);
    }

    // The C library needs a descriptor for each timer, and may run out of them: it is left out then, not the row.
    private static void Guard(Runner runner, Action<Runner> step)
    {
        if (runner.Failure is not null)
            return;
        try
        {
            step(runner);
        }
        catch (System.ComponentModel.Win32Exception failure) when (runner.Role == Role.CLibrary)
        {
            runner.Failure = failure.Message;
            runner.Samples.Clear();
        }
    }

    private void WarmUp(Runner runner)
    {
        using Contender contender = runner.Create();
        contender.Prime();
        if (contender.Operations is { } operations)
        {
            runner.Operations = operations;
            contender.Run(operations);
            return;
        }

        Stopwatch watch = Stopwatch.StartNew();
        int chunk = contender.Grain;
        double nanoseconds = 0;
        for (int call = 0; call < LeastWarmUpCalls || watch.Elapsed < effort.WarmUpTime; call++)
        {
            nanoseconds = RunTimed(contender, chunk);
            if (nanoseconds < ChunkNanoseconds)
                chunk *= 2;
            if (effort == Effort.Smoke && watch.Elapsed > effort.WarmUpTime)
                break;
        }

        double wanted = effort.SampleTime.TotalNanoseconds / Math.Max(1, nanoseconds / chunk);
        runner.Operations = (int)Math.Max(1, Math.Round(wanted / contender.Grain)) * contender.Grain;
        runner.Chunk = chunk;
    }

    private static void Measure(Runner runner)
    {
        using Contender contender = runner.Create();
        contender.Prime();
        if (contender.Operations is null)
            RunTimed(contender, Math.Min(runner.Chunk, runner.Operations));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        double nanoseconds = RunTimed(contender, runner.Operations);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        runner.Samples.Add(new Sample(
            contender.Value(nanoseconds, runner.Operations),
            (double)allocated / runner.Operations));
    }

    private static double RunTimed(Contender contender, int operations)
    {
        long nanoseconds = 0;
        for (int left = operations; left > 0;)
        {
            int now = Math.Min(left, contender.Batch);
            long start = Clock.Now;
            contender.Run(now);
            nanoseconds += Clock.Now - start;
            contender.Reset();
            left -= now;
        }

        return nanoseconds;
    }

    private sealed class Runner(Role role, string name, Func<Contender> create)
    {
        internal readonly Role Role = role;
        internal readonly Func<Contender> Create = create;
        internal readonly List<Sample> Samples = [];
        internal int Operations;
        internal int Chunk = 1;
        internal string? Failure;

        internal ContenderResult Result => new(Role, name, Samples, Failure);
    }
}
