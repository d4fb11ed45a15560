using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Benchmarks.Native;

/// <summary>libkqueue, the implementation in C, where it is installed; called by its C names, with <see cref="KEvent"/> as struct kevent.</summary>
internal static unsafe class CLibrary
{
    internal const string DefaultName = "libkqueue.so.0";

    private static delegate* unmanaged<int> s_kqueue;
    private static delegate* unmanaged<int, KEvent*, int, KEvent*, int, TimeSpec*, int> s_kevent;

    /// <summary>The file it was loaded from, null when it was not.</summary>
    internal static string? Path { get; private set; }

    internal static bool IsLoaded => Path is not null;

    /// <summary>Loads it; a name that cannot be loaded leaves it out of all rows.</summary>
    internal static void Load(string name)
    {
        if (!NativeLibrary.TryLoad(name, out nint library)
            || !NativeLibrary.TryGetExport(library, "kqueue", out nint kqueue)
            || !NativeLibrary.TryGetExport(library, "kevent", out nint kevent))
        {
            return;
        }

        s_kqueue = (delegate* unmanaged<int>)kqueue;
        s_kevent = (delegate* unmanaged<int, KEvent*, int, KEvent*, int, TimeSpec*, int>)kevent;
        Path = FindMapped(System.IO.Path.GetFileName(name)) ?? name;
    }

    internal static int Kqueue()
    {
        int kq = s_kqueue();
        return kq >= 0 ? kq : throw new Win32Exception(Marshal.GetLastSystemError(), "kqueue");
    }

    internal static int Kevent(int kq, ReadOnlySpan<KEvent> changes, Span<KEvent> events, bool wait)
    {
        TimeSpec zero = default;
        int count;
        fixed (KEvent* changelist = changes)
        fixed (KEvent* eventlist = events)
            count = s_kevent(kq, changelist, changes.Length, eventlist, events.Length, wait ? null : &zero);
        return count >= 0 ? count : throw new Win32Exception(Marshal.GetLastSystemError(), "kevent");
    }

    private static string? FindMapped(string name) =>
        File.ReadLines("/proc/self/maps")
            .Where(line => line.Contains(name, StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..])
            .FirstOrDefault();

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        internal long Seconds;
        internal long Nanoseconds;
    }
}
