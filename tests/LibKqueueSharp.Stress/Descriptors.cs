using System.ComponentModel;
using Tmds.Linux;

namespace LibKqueueSharp.Stress;

/// <summary>Descriptors without an owner: the hazards close them at bad times.</summary>
internal static unsafe class Descriptors
{
    /// <summary>Those that the process has, each with what it stands for; without the runtime's own, which come with its assemblies.</summary>
    internal static HashSet<string> Open()
    {
        HashSet<string> open = [];
        foreach (string fd in Directory.GetFiles("/proc/self/fd"))
        {
            // A thread that ends may close it in between: its target is null then.
            if (new FileInfo(fd).LinkTarget is { } target && Path.GetExtension(target) != ".dll")
                open.Add($"{Path.GetFileName(fd)} {Path.GetFileName(target)}");
        }

        return open;
    }

    internal static (int Reader, int Writer) Pipe()
    {
        int* ends = stackalloc int[2];
        Check(LibC.pipe2(ends, LibC.O_CLOEXEC | LibC.O_NONBLOCK), "pipe2");
        return (ends[0], ends[1]);
    }

    internal static int Duplicate(int fd) => Check(LibC.fcntl(fd, LibC.F_DUPFD_CLOEXEC, 0), "fcntl");

    internal static void Close(int fd) => Check(LibC.close(fd), "close");

    internal static void WriteByte(int fd)
    {
        byte one = 1;
        Check((int)LibC.write(fd, &one, 1), "write");
    }

    /// <returns>How many bytes were there, at most 16.</returns>
    internal static int Read(int fd)
    {
        byte* buffer = stackalloc byte[16];
        int read = (int)LibC.read(fd, buffer, 16);
        return read < 0 && LibC.errno == LibC.EAGAIN ? 0 : Check(read, "read");
    }

    private static int Check(int result, string call) => result >= 0 ? result : throw new Win32Exception(LibC.errno, call);
}
