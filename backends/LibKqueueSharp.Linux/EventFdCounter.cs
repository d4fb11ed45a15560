using System.Buffers.Text;

namespace LibKqueueSharp.Linux;

/// <summary>
/// The counter of an eventfd, which no system call tells without taking it: /proc has it (three system calls, some 2 µs).
/// </summary>
internal static class EventFdCounter
{
    internal const ulong Largest = ulong.MaxValue - 1;

    /// <returns>False when the descriptor is closed; 1 where /proc cannot be read.</returns>
    internal static bool TryRead(int fd, out ulong count)
    {
        Span<byte> path = stackalloc byte[ProcPath.Length];
        Span<byte> text = stackalloc byte[256];
        ProcPath.Write(path, "/proc/self/fdinfo/"u8, fd);
        int info = Sys.OpenRead(path);
        count = 1;
        if (info < 0)
            return Sys.IsOpen(fd);
        int length = Sys.Read(info, text);
        Sys.Close(info);
        ReadOnlySpan<byte> found = text[..Math.Max(0, length)];
        int at = found.IndexOf("eventfd-count:"u8);
        // A line that was cut off says nothing.
        if (at >= 0 && found[at..].Contains((byte)'\n') && Utf8Parser.TryParse(found[(at + 14)..].TrimStart(" \t"u8), out ulong value, out _, 'x'))
            count = value;
        return true;
    }
}
