using System.Runtime.InteropServices;

/// <summary>
/// Wine chains a frame to the thread block (TEB) around each exception handler that it calls, and unchains it when the handler returns. The runtime does not return
/// from the handler of an exception that managed code catches, so the chain goes on to point into the stack that was left. The next native exception of the thread,
/// such as the compiler's own, calls what lies there as a handler, faults, and does that again until the stack is used up.
/// </summary>
internal static unsafe partial class ExceptionChain
{
    /// <summary>
    /// A vectored exception handler, which is asked before the chain is looked at: cuts the chain where it leaves the stack that is in use, or where what is called a
    /// handler lies in none of the modules whose own frames are chained. It has to be machine code, since it runs on any thread in any state of the runtime.
    /// </summary>
    private static ReadOnlySpan<byte> Cut =>
    [
        0x48, 0x8B, 0x51, 0x08, // mov rdx, [rcx + 8]: the context
        0x48, 0x8B, 0x92, 0x98, 0x00, 0x00, 0x00, // mov rdx, [rdx + 0x98]: its stack pointer, the least address of a frame
        0x65, 0x4C, 0x8B, 0x14, 0x25, 0x30, 0x00, 0x00, 0x00, // mov r10, gs:[0x30]: the thread block; its first field, as a frame's, is the next frame
        0x49, 0x8B, 0x02, // 20 mov rax, [r10]
        0x48, 0x83, 0xF8, 0xFF, // cmp rax, -1: the end of the chain
        0x74, 0x49, // je 102
        0x48, 0x39, 0xD0, // cmp rax, rdx
        0x72, 0x3D, // jb 95: in the stack that was left, or back
        0x65, 0x48, 0x3B, 0x04, 0x25, 0x08, 0x00, 0x00, 0x00, // cmp rax, gs:[8]: where the stack begins
        0x73, 0x32, // jae 95
        0xA8, 0x07, // test al, 7
        0x75, 0x2E, // jne 95
        0x4C, 0x8B, 0x58, 0x08, // mov r11, [rax + 8]: the frame's handler
        0x48, 0x8D, 0x0D, 0x34, 0x00, 0x00, 0x00, // lea rcx, [rip + 52]: 112, the modules: start and length of each, and 0
        0x4C, 0x8B, 0x01, // 60 mov r8, [rcx]
        0x4D, 0x85, 0xC0, // test r8, r8
        0x74, 0x1B, // je 95: in none
        0x4D, 0x89, 0xD9, // mov r9, r11
        0x4D, 0x29, 0xC1, // sub r9, r8
        0x4C, 0x3B, 0x49, 0x08, // cmp r9, [rcx + 8]
        0x72, 0x06, // jb 86
        0x48, 0x83, 0xC1, 0x10, // add rcx, 16
        0xEB, 0xE6, // jmp 60
        0x48, 0x8D, 0x50, 0x01, // 86 lea rdx, [rax + 1]: the next frame lies above this one
        0x49, 0x89, 0xC2, // mov r10, rax
        0xEB, 0xB5, // jmp 20
        0x49, 0xC7, 0x02, 0xFF, 0xFF, 0xFF, 0xFF, // 95 mov qword [r10], -1
        0x31, 0xC0, // 102 xor eax, eax: go on looking for a handler
        0xC3, // ret
    ];

    /// <summary>The modules of Wine that chain frames of their own around code which may throw.</summary>
    private static readonly string[] s_modules = ["ntdll", "kernelbase", "kernel32"];

    internal static void EndWhatWasLeft()
    {
        List<nint> ranges = [];
        foreach (string name in s_modules)
        {
            nint module = NativeLibrary.Load(name);
            ranges.AddRange(module, SizeOf((byte*)module));
        }

        if (AddVectoredExceptionHandler(1, MachineCode.Place(Cut, [.. ranges, 0])) == 0)
            throw new InvalidOperationException("no vectored exception handler");
    }

    /// <summary>SizeOfImage in the optional header behind the signature that e_lfanew points to.</summary>
    private static int SizeOf(byte* module) => *(int*)(module + *(int*)(module + 0x3C) + 0x50);

    [LibraryImport("kernel32")]
    private static partial nint AddVectoredExceptionHandler(uint first, byte* handler);
}
