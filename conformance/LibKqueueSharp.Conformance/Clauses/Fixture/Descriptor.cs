using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>An open descriptor of a clause, non-blocking. Where a change wants an ident, it stands for its number.</summary>
internal sealed class Descriptor(ClauseTest test, long number)
{
    private const int Chunk = 4096;

    // More than any pipe or socket buffer holds: a regular file can be filled for ever.
    private const long MostToFill = 64 << 20;

    public long Number => number;

    private IDescriptorCalls Calls => test.Host.Descriptors;

    public static implicit operator nuint(Descriptor descriptor) => (nuint)descriptor.Number;

    /// <summary>Writes so many bytes, all of which must go.</summary>
    public void Write(int count) => MustEqual(count, test.Must($"write({number}, {count})", Calls.Write(number, count)), "write");

    /// <summary>Reads so many bytes, all of which must be there.</summary>
    public void Read(int count) => MustEqual(count, test.Must($"read({number}, {count})", Calls.Read(number, count)), "read");

    /// <summary>Writes until no more goes; returns how much went.</summary>
    public long Fill(int chunk = Chunk) => Repeat("fill", () => Calls.Write(number, chunk));

    /// <summary>Reads until nothing more comes; returns how much came.</summary>
    public long Drain() => Repeat("drain", () => Calls.Read(number, Chunk));

    public void Close() => test.Must($"close({number})", Calls.Close(number));

    public Descriptor Duplicate() => new(test, test.Must($"dup({number})", Calls.Duplicate(number)));

    /// <summary>Makes this number a duplicate of another descriptor; what it was is closed.</summary>
    public void ReplaceBy(Descriptor other) =>
        test.Must($"dup2({other.Number}, {number})", Calls.DuplicateOver(other.Number, number));

    public override string ToString() => $"descriptor {number}";

    private static void MustEqual(long expected, long actual, string call)
    {
        if (expected != actual)
            throw new ClauseFailedException($"{call} was to move {expected} bytes, and moved {actual}");
    }

    private long Repeat(string call, Func<HostAnswer> step)
    {
        long total = 0;
        while (total < MostToFill)
        {
            HostAnswer answer = step();
            if (answer.Unsupported is { } reason)
                throw new ClauseNotApplicableException(reason);
            if (!answer.Succeeded || answer.Value == 0)
                break;
            total += answer.Value;
        }

        test.Transcript.Write($"{call}({number}) = {total}");
        return total;
    }
}
