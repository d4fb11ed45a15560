using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>An open descriptor of a clause, non-blocking. Where a change wants an ident, it stands for its number.</summary>
internal sealed partial class Descriptor(ClauseTest test, long number)
{
    private const int Chunk = 4096;
    private const int MostAttempts = 100;

    // More than any pipe or socket buffer holds: a regular file can be filled for ever.
    private const long MostToFill = 64 << 20;

    public long Number => number;

    private IDescriptorCalls Calls => test.Host.Descriptors;

    public static implicit operator nuint(Descriptor descriptor) => (nuint)descriptor.Number;

    /// <summary>Writes so many bytes, all of which must go.</summary>
    public void Write(int count) => test.Equal(count, test.Must($"write({number}, {count})", Calls.Write(number, count)), "the number of bytes written");

    /// <summary>Writes the end of a line, as a terminal does.</summary>
    public void WriteLine() => test.Must($"write({number}, end of line)", Calls.WriteLine(number));

    /// <summary>Reads so many bytes, all of which must be there.</summary>
    public void Read(int count) => test.Equal(count, test.Must($"read({number}, {count})", Calls.Read(number, count)), "the number of bytes read");

    /// <summary>Writes until no more goes; returns how much went.</summary>
    public long Fill(int chunk = Chunk) => Repeat("fill", () => Calls.Write(number, chunk));

    /// <summary>Reads until nothing more comes; returns how much came.</summary>
    public long Drain() => Repeat("drain", () => Calls.Read(number, Chunk));

    public void Close() => test.Must($"close({number})", Calls.Close(number));

    public Descriptor Duplicate() => test.New($"dup({number})", Calls.Duplicate(number));

    /// <summary>Closes another descriptor of this number, if it is open, and makes the number a duplicate of this one.</summary>
    public void DuplicateOver(Descriptor other) =>
        test.Must($"dup2({number}, {other.Number})", Calls.DuplicateOver(number, other.Number));

    /// <summary>A duplicate at a number that is free. What lies there must have been made before the number became free.</summary>
    public Descriptor DuplicateAt(long free)
    {
        // The runtime opens a file for a moment, for example when it loads an assembly.
        HostAnswer answer = Calls.DuplicateAt(number, free);
        for (int attempt = 0; answer.Error == "EBUSY" && attempt < MostAttempts; attempt++)
        {
            Thread.Sleep(1);
            answer = Calls.DuplicateAt(number, free);
        }

        return test.New($"fcntl({number}, F_DUPFD, {free})", answer);
    }

    /// <summary>Lets reading and writing block, or no longer.</summary>
    public void SetBlocking(bool blocks) => test.Must($"blocking({number}, {blocks})", Calls.SetBlocking(number, blocks));

    /// <summary>Adds to an eventfd.</summary>
    public void AddToCounter(long count) => test.Must($"write({number}, the number {count})", Calls.AddToCounter(number, count));

    /// <summary>Moves the offset of a file.</summary>
    public void Seek(long offset, SeekOrigin origin = SeekOrigin.Begin) =>
        test.Must($"lseek({number}, {offset}, {origin})", test.Host.Files.Seek(number, offset, origin));

    /// <summary>Changes the size of a file.</summary>
    public void Truncate(long size) => test.Must($"ftruncate({number}, {size})", test.Host.Files.Truncate(number, size));

    public override string ToString() => $"descriptor {number}";

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
