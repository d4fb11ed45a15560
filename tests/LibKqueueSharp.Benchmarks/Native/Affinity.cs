using System.Runtime.InteropServices;

namespace LibKqueueSharp.Benchmarks.Native;

/// <summary>
/// Keeps the calling thread on one processor until it is disposed of, so that two threads that wake each other are always the same
/// distance apart.
/// </summary>
internal sealed unsafe partial class Affinity : IDisposable
{
    private const int Words = 16;
    private const int Bits = 64;

    // Of the thread that comes here first, before anything is pinned: a new thread inherits what its maker has by then.
    private static readonly ulong[] s_allowed = Get();

    private Affinity()
    {
    }

    /// <summary>Pins the calling thread to the first or to the last of the processors that the process may use.</summary>
    internal static Affinity Pin(bool last)
    {
        int chosen = -1;
        for (int cpu = 0; cpu < Words * Bits; cpu++)
        {
            bool allowed = (s_allowed[cpu / Bits] >> (cpu % Bits) & 1) != 0;
            if (allowed && (last || chosen < 0))
                chosen = cpu;
        }

        if (chosen >= 0)
        {
            ulong[] one = new ulong[Words];
            one[chosen / Bits] = 1UL << (chosen % Bits);
            Set(one);
        }

        return new Affinity();
    }

    public void Dispose() => Set(s_allowed);

    private static ulong[] Get()
    {
        ulong[] mask = new ulong[Words];
        fixed (ulong* at = mask)
            SchedGetAffinity(0, Words * sizeof(ulong), at);
        return mask;
    }

    private static void Set(ulong[] mask)
    {
        fixed (ulong* at = mask)
            SchedSetAffinity(0, Words * sizeof(ulong), at);
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int SchedGetAffinity(int thread, nuint size, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SchedSetAffinity(int thread, nuint size, ulong* mask);
}
