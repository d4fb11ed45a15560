using Tmds.Linux;

namespace LibKqueueSharp.Benchmarks.Native;

/// <summary>
/// Descriptors to watch for reading, and for each the one to write to. Both ends of a socketpair are watched, so that 10,000
/// watched descriptors are 10,000 descriptors and not 20,000.
/// </summary>
internal sealed unsafe class DescriptorSet : IDisposable
{
    private readonly int[] _readers;
    private readonly int[] _writers;
    private bool _given;

    private DescriptorSet(int[] readers, int[] writers)
    {
        _readers = readers;
        _writers = writers;
    }

    internal ReadOnlySpan<int> Readers => _readers;

    internal int Count => _readers.Length;

    /// <summary>AF_UNIX stream socketpairs.</summary>
    internal static DescriptorSet Sockets(int count)
    {
        int[] readers = new int[count];
        int[] writers = new int[count];
        int* pair = stackalloc int[2];
        for (int i = 0; i + 1 < count; i += 2)
        {
            Libc.Check(
                LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_STREAM | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, 0, pair),
                "socketpair");
            readers[i] = writers[i + 1] = pair[0];
            readers[i + 1] = writers[i] = pair[1];
        }

        return new DescriptorSet(readers, writers);
    }

    internal static DescriptorSet Pipes(int count)
    {
        int[] readers = new int[count];
        int[] writers = new int[count];
        int* pair = stackalloc int[2];
        for (int i = 0; i < count; i++)
        {
            Libc.Check(LibC.pipe2(pair, LibC.O_CLOEXEC | LibC.O_NONBLOCK), "pipe2");
            readers[i] = pair[0];
            writers[i] = pair[1];
        }

        return new DescriptorSet(readers, writers);
    }

    /// <summary>Makes a descriptor readable.</summary>
    internal void Write(int index) => Libc.WriteByte(_writers[index]);

    /// <summary>The descriptors belong to somebody else from now on.</summary>
    internal void GiveAway() => _given = true;

    public void Dispose()
    {
        if (_given)
            return;
        foreach (int fd in _readers.Union(_writers))
            Libc.Close(fd);
    }
}
