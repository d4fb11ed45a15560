using System.Text;
using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Counting;

/// <summary>Writes to no descriptor, which fail and show in the trace: between two of them, what is traced is an operation's.</summary>
internal static unsafe class Marker
{
    internal const string BeginWord = "bench:begin";
    internal const string EndWord = "bench:end";

    private const int NoDescriptor = -1;

    internal static void Begin(Row row, Role role, int operations) =>
        Write($"{BeginWord} {row.Id} {role} {operations}");

    internal static void End() => Write(EndWord);

    private static void Write(string text)
    {
        fixed (byte* at = Encoding.ASCII.GetBytes(text))
            Libc.Write(NoDescriptor, at, (nuint)text.Length);
    }
}
