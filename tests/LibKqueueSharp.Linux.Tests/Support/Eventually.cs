using System.Diagnostics;

namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>Waits for conditions that another thread or the kernel brings about.</summary>
internal static class Eventually
{
    /// <summary>How long anything may take on a busy machine before it counts as lost.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    internal static void Holds(Func<bool> condition, string what) => Holds(condition, () => what);

    internal static void Holds(Func<bool> condition, Func<string> what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
                Assert.Fail($"did not come within {Limit}: {what()}");
            Thread.Sleep(1);
        }
    }
}
