using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kernels;

/// <summary>
/// Memory outside of the managed heap whose address is an ident of the kernel's. A change that one thread has translated may be on its way while another takes
/// the result and submits again; it must not meet the operation after. So an address is free for others only when <see cref="Kept"/> more were freed.
/// Any thread may call any member.
/// </summary>
internal static unsafe class IdentMemory
{
    private const int Kept = 64;

    /// <summary>What was freed last, oldest first. Guarded by itself.</summary>
    private static readonly Queue<nint> s_freed = new(Kept + 1);

    /// <summary>Zeros.</summary>
    internal static void* Allocate(nuint bytes) => NativeMemory.AllocZeroed(bytes);

    /// <summary>Nobody but a late change has use for it; null does nothing.</summary>
    internal static void Free(void* at)
    {
        if (at == null)
            return;
        lock (s_freed)
        {
            s_freed.Enqueue((nint)at);
            if (s_freed.Count <= Kept)
                return;
            at = (void*)s_freed.Dequeue();
        }

        NativeMemory.Free(at);
    }
}
