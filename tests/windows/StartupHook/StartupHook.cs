using System.Runtime.InteropServices;

/// <summary>
/// Keeps .NET alive under Wine 8 where it can. Wine chains a frame to the thread block (TEB) around each exception handler that it calls, and unchains it when the handler
/// returns. The runtime does not return from the handler of an exception that managed code catches, so the chain goes on to point into the stack that was left. The next
/// native exception of the thread, such as the compiler's own, calls what lies there as a handler, faults, and does that again until the stack is used up.
/// </summary>
internal static unsafe partial class StartupHook
{
    private const uint CommitAndReserve = 0x3000;
    private const uint ExecuteReadWrite = 0x40;

    /// <summary>
    /// A vectored exception handler, which is asked before the chain is looked at: what is chained below the stack pointer of the exception was left, and the chain is
    /// ended; what was left above it cannot be told from a frame in use. It has to be machine code, since it runs on any thread in any state of the runtime.
    /// </summary>
    private static ReadOnlySpan<byte> EndStaleChain =>
    [
        0x48, 0x8B, 0x51, 0x08, // mov rdx, [rcx + 8]: the context
        0x48, 0x8B, 0x92, 0x98, 0x00, 0x00, 0x00, // mov rdx, [rdx + 0x98]: its stack pointer
        0x65, 0x48, 0x8B, 0x04, 0x25, 0x00, 0x00, 0x00, 0x00, // mov rax, gs:[0]: the first frame of the chain
        0x48, 0x39, 0xD0, // cmp rax, rdx
        0x73, 0x0D, // jae +13: above, or the end of the chain, which is -1
        0x65, 0x48, 0xC7, 0x04, 0x25, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, // mov qword gs:[0], -1
        0x31, 0xC0, // xor eax, eax: go on looking for a handler
        0xC3, // ret
    ];

    /// <summary>Called by the runtime before Main. Real Windows has no such chain on x64.</summary>
    public static void Initialize()
    {
        if (!NativeLibrary.TryLoad("ntdll", out nint ntdll) || !NativeLibrary.TryGetExport(ntdll, "wine_get_version", out _))
            return;
        byte* code = VirtualAlloc(null, (nuint)EndStaleChain.Length, CommitAndReserve, ExecuteReadWrite);
        if (code == null)
            throw new OutOfMemoryException();

        // The page is new, large enough and never given back: a handler may be called until the process is gone.
        EndStaleChain.CopyTo(new Span<byte>(code, EndStaleChain.Length));
        if (AddVectoredExceptionHandler(1, code) == 0)
            throw new InvalidOperationException("no vectored exception handler");
    }

    [LibraryImport("kernel32")]
    private static partial byte* VirtualAlloc(byte* at, nuint bytes, uint kind, uint protection);

    [LibraryImport("kernel32")]
    private static partial nint AddVectoredExceptionHandler(uint first, byte* handler);
}
