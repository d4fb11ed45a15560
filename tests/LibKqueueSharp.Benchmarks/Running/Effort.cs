namespace LibKqueueSharp.Benchmarks.Running;

/// <summary>How long a run takes its time.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Rounds">Samples of each contender; they take turns.</param>
/// <param name="SampleTime">How long a sample takes, about.</param>
/// <param name="WarmUpTime">How long each contender runs before the first sample, so that its code has reached the last tier.</param>
/// <param name="EchoTime">How long a sample of the echo servers takes.</param>
/// <param name="Divisor">By what the large numbers of descriptors, timers and connections are divided.</param>
/// <param name="CountedOperations">How many operations are traced to count system calls.</param>
internal sealed record Effort(
    string Name,
    int Rounds,
    TimeSpan SampleTime,
    TimeSpan WarmUpTime,
    TimeSpan EchoTime,
    int Divisor,
    int CountedOperations)
{
    internal static Effort Full { get; } = new("full", 15, Milliseconds(40), Milliseconds(800), Milliseconds(400), 1, 2_000);

    internal static Effort Quick { get; } = new("quick", 7, Milliseconds(8), Milliseconds(120), Milliseconds(80), 1, 100);

    /// <summary>Only shows that each row works: its figures mean nothing.</summary>
    internal static Effort Smoke { get; } = new("smoke", 1, Milliseconds(1), Milliseconds(2), Milliseconds(20), 50, 100);

    internal static Effort Find(string name) => ((Effort[])[Full, Quick, Smoke]).Single(effort => effort.Name == name);

    internal int Scale(int count) => Math.Max(100, count / Divisor);

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);
}
