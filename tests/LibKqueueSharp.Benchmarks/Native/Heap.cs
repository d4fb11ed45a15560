using System.Runtime.InteropServices;

namespace LibKqueueSharp.Benchmarks.Native;

/// <summary>Bytes in use: those of the garbage collector and those of malloc.</summary>
internal static unsafe partial class Heap
{
    private static readonly delegate* unmanaged<MallInfo> s_mallinfo = Find();

    /// <summary>Collects, then tells the bytes that are left, managed and not.</summary>
    internal static long BytesInUse()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true) + Allocated();
    }

    private static long Allocated() => s_mallinfo is null ? 0 : (long)s_mallinfo().InUse;

    // glibc 2.33 has it, musl has not.
    private static delegate* unmanaged<MallInfo> Find() =>
        NativeLibrary.TryLoad("libc.so.6", out nint c) && NativeLibrary.TryGetExport(c, "mallinfo2", out nint call)
            ? (delegate* unmanaged<MallInfo>)call
            : null;

    /// <summary>struct mallinfo2 (mallinfo(3)).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MallInfo
    {
        internal nuint Arena;
        internal nuint OrdinaryBlocks;
        internal nuint FastBlocks;
        internal nuint MappedBlocks;
        internal nuint Mapped;
        internal nuint Unused;
        internal nuint FastFree;
        internal nuint Used;
        internal nuint Free;
        internal nuint Releasable;

        internal readonly nuint InUse => Used + Mapped;
    }
}
