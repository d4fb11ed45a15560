// Coyote 1.7 takes over monitors and does not know System.Threading.Lock.
global using Lock = System.Object;

namespace LibKqueueSharp;

/// <summary>Coyote 1.7 puts a generic method in the place of Interlocked.Exchange that refuses a bool.</summary>
internal static class Interlocked
{
    internal static int Increment(ref int value) => System.Threading.Interlocked.Increment(ref value);

    internal static int Decrement(ref int value) => System.Threading.Interlocked.Decrement(ref value);

    internal static long Add(ref long value, long more) => System.Threading.Interlocked.Add(ref value, more);

    internal static int Or(ref int value, int bits) => System.Threading.Interlocked.Or(ref value, bits);

    /// <summary>One step, since Coyote runs one thread at a time and switches at its own points only.</summary>
    internal static bool Exchange(ref bool value, bool to)
    {
        bool before = value;
        value = to;
        return before;
    }
}
