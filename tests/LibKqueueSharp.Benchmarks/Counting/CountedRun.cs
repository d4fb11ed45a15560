using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Counting;

/// <summary>The traced process: runs rows, and marks where each begins and ends.</summary>
internal static class CountedRun
{
    private const int WarmUpOperations = 100;

    internal static void Run(IEnumerable<Row> rows, int operations)
    {
        foreach (Row row in rows.Where(r => r.CountsSystemCalls))
        {
            foreach ((Role role, Func<Contender> create) in row.Contenders)
            {
                using Contender contender = create();
                contender.Prime();
                Run(contender, Rounded(WarmUpOperations, contender), null);
                Run(contender, Rounded(operations, contender), (row, role));
            }
        }
    }

    private static void Run(Contender contender, int operations, (Row Row, Role Role)? marked)
    {
        for (int left = operations; left > 0;)
        {
            int now = Math.Min(left, contender.Batch);
            if (marked is var (row, role))
                Marker.Begin(row, role, now);
            contender.Run(now);
            if (marked is not null)
                Marker.End();
            contender.Reset();
            left -= now;
        }
    }

    private static int Rounded(int operations, Contender contender) =>
        Math.Max(1, operations / contender.Grain) * contender.Grain;
}
