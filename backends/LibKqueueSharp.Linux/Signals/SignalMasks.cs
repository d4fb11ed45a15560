using System.Globalization;

namespace LibKqueueSharp.Linux.Signals;

/// <summary>Who on this process's side may take a signal before the queues do, as /proc/self tells.</summary>
internal static class SignalMasks
{
    /// <summary>A list of the threads can end early when one of them ends meanwhile: the number of threads tells.</summary>
    private const int MostLooks = 10;

    /// <summary>
    /// Whether no thread would let the signal in. A thread in sigwait(3), ppoll(2) or sigsuspend(2) shows the mask that it waits with, so a
    /// signal that it waits for counts as let in.
    /// </summary>
    /// <returns>Null when it cannot be told, as without a free descriptor.</returns>
    internal static bool? EveryThreadBlocks(int signal)
    {
        try
        {
            for (int look = 0; look < MostLooks; look++)
            {
                ulong threads = 0;
                foreach (string thread in Directory.EnumerateDirectories("/proc/self/task"))
                {
                    threads++;
                    if (!Has(Path.Join(thread, "status"), "SigBlk:", signal, HasEnded))
                        return false;
                }

                if (threads >= Field(File.ReadAllLines("/proc/self/status"), "Threads:", NumberStyles.Integer))
                    return true;
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether a signalfd that is not one of <see cref="SignalFd"/> reads the signal.</summary>
    internal static bool AnotherSignalFdReads(int signal)
    {
        try
        {
            foreach (FileSystemInfo entry in new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos())
            {
                if (int.TryParse(entry.Name, CultureInfo.InvariantCulture, out int fd) && !SignalFd.IsOurs(fd)
                    && entry.LinkTarget == "anon_inode:[signalfd]" && Has($"/proc/self/fdinfo/{fd}", "sigmask:", signal, _ => false))
                    return true;
            }

            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Whether a signal is in the set of a line; true for a thread or a descriptor that has gone meanwhile.</summary>
    private static bool Has(string path, string name, int signal, Func<string[], bool> hasGone)
    {
        try
        {
            string[] lines = File.ReadAllLines(path);
            return hasGone(lines) || (Field(lines, name, NumberStyles.HexNumber) >> (signal - 1) & 1) != 0;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || e.HResult == (int)Errno.ESRCH)
        {
            return true;
        }
    }

    /// <summary>
    /// Whether these are the lines of a thread that is going: for a moment it is still listed, with empty masks, as one of a process of no threads (task_sig in
    /// fs/proc/array.c). 681 of 767,080 lists of masks, read while three threads made and joined others, were such; so were all the empty ones.
    /// </summary>
    internal static bool HasEnded(string[] lines) => Field(lines, "Threads:", NumberStyles.Integer) == 0;

    private static ulong Field(string[] lines, string name, NumberStyles style)
    {
        string? line = lines.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        return line is not null && ulong.TryParse(line.AsSpan(name.Length).Trim(), style, CultureInfo.InvariantCulture, out ulong value) ? value : 0;
    }
}
