using System.ComponentModel;
using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>A descriptor of a test, non-blocking, closed at most once.</summary>
internal sealed class Fd : IDisposable
{
    private int _number;

    internal Fd(int number)
    {
        if (number < 0)
            throw new Win32Exception(Marshal.GetLastWin32Error());
        _number = number;
    }

    internal int Number => _number >= 0 ? _number : throw new ObjectDisposedException(nameof(Fd));

    /// <summary>The number, also after the descriptor was closed.</summary>
    internal int Last { get; private init; } = -1;

    public static implicit operator int(Fd fd) => fd.Number;

    internal static Fd Opened(int number)
    {
        Fd fd = new(number) { Last = number };
        if (Syscall.fcntl(number, FcntlCommand.F_SETFL, Syscall.fcntl(number, FcntlCommand.F_GETFL) | Tmds.Linux.LibC.O_NONBLOCK) < 0)
            throw new Win32Exception(Marshal.GetLastWin32Error());
        return fd;
    }

    internal static Fd Open(string path, OpenFlags flags) =>
        Opened(Syscall.open(path, flags | OpenFlags.O_CLOEXEC, FilePermissions.S_IRUSR | FilePermissions.S_IWUSR));

    /// <summary>The lowest free number that stands for the same open file.</summary>
    internal Fd Duplicate() => Opened(Syscall.dup(Number));

    /// <summary>
    /// Gives the open file a number of the test's choice, and only that one: no thread of the runtime that opens something in between
    /// can take it. What had the number is closed by it.
    /// </summary>
    internal Fd MoveTo(int number)
    {
        Fd moved = Opened(Tmds.Linux.LibC.dup3(Number, number, Tmds.Linux.LibC.O_CLOEXEC));
        Dispose();
        return moved;
    }

    /// <summary>Writes so many bytes, or fails the test.</summary>
    internal void Write(int bytes) => Assert.That(TryWrite(new byte[bytes]), Is.EqualTo(bytes), $"bytes written to {Number}");

    internal unsafe long TryWrite(ReadOnlySpan<byte> content)
    {
        fixed (byte* at = content)
            return Syscall.write(Number, at, (ulong)content.Length);
    }

    /// <summary>Reads so many bytes, or fails the test.</summary>
    internal void Read(int bytes) => Assert.That(TryRead(new byte[bytes]), Is.EqualTo(bytes), $"bytes read from {Number}");

    internal unsafe long TryRead(Span<byte> buffer)
    {
        fixed (byte* at = buffer)
            return Syscall.read(Number, at, (ulong)buffer.Length);
    }

    /// <summary>Writes until nothing more goes in.</summary>
    internal long Fill(int chunk = 4096)
    {
        byte[] content = new byte[chunk];
        long total = 0;
        for (long written; (written = TryWrite(content)) > 0;)
            total += written;
        return total;
    }

    /// <summary>Reads until there is nothing now.</summary>
    internal long Drain()
    {
        byte[] buffer = new byte[65536];
        long total = 0;
        for (long read; (read = TryRead(buffer)) > 0;)
            total += read;
        return total;
    }

    internal unsafe int Readable()
    {
        int count = 0;
        return Posix.Ioctl(Number, Posix.FIONREAD, &count) < 0 ? -1 : count;
    }

    public void Dispose()
    {
        int number = Interlocked.Exchange(ref _number, -1);
        if (number >= 0)
            _ = Syscall.close(number);
    }

    public override string ToString() => $"fd {Last}";
}
