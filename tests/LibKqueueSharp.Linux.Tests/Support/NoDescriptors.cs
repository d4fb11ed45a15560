using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>A process that has every descriptor open that it may.</summary>
internal static class NoDescriptors
{
    internal static T While<T>(Func<T> action)
    {
        List<Fd> all = [];
        try
        {
            for (int fd; (fd = Syscall.dup(0)) >= 0;)
                all.Add(new Fd(fd));
            return action();
        }
        finally
        {
            all.ForEach(fd => fd.Dispose());
        }
    }
}
