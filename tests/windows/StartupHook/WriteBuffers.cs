using System.Buffers.Binary;
using System.Runtime.InteropServices;

/// <summary>
/// FlushProcessWriteBuffers of Wine 8 does nothing (it counts its calls). The collector stops threads by it: a thread that comes back from native code has written that it
/// runs managed code before it looks whether it may, and a collector that does not see that write moves objects under the thread. Linux has the call: membarrier(2).
/// </summary>
internal static unsafe class WriteBuffers
{
    private const int PrivateExpedited = 8;
    private const int RegisterPrivateExpedited = 16;

    /// <summary>membarrier(ecx, 0, 0) by the system call of the system below, which Wine lets through. rdi and rsi belong to the caller on Windows.</summary>
    private static ReadOnlySpan<byte> Membarrier =>
    [
        0x57, // push rdi
        0x56, // push rsi
        0x89, 0xCF, // mov edi, ecx
        0x31, 0xF6, // xor esi, esi
        0x31, 0xD2, // xor edx, edx
        0xB8, 0x44, 0x01, 0x00, 0x00, // mov eax, 324
        0x0F, 0x05, // syscall
        0x5E, // pop rsi
        0x5F, // pop rdi
        0xC3, // ret
    ];

    /// <summary>The stub in ntdll that the exports of kernel32 and kernelbase forward to gets a jump; where the kernel refuses membarrier all stays as it is.</summary>
    internal static void FlushWhereWineDoesNot(nint ntdll)
    {
        byte* membarrier = MachineCode.Place(Membarrier);
        delegate* unmanaged<int, int> call = (delegate* unmanaged<int, int>)membarrier;
        if (call(RegisterPrivateExpedited) != 0 || call(PrivateExpedited) != 0)
            return;

        // mov ecx, 8; mov rax, membarrier; jmp rax
        Span<byte> jump = [0xB9, PrivateExpedited, 0, 0, 0, 0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xE0];
        BinaryPrimitives.WriteInt64LittleEndian(jump[7..], (nint)membarrier);
        MachineCode.Replace((byte*)NativeLibrary.GetExport(ntdll, "NtFlushProcessWriteBuffers"), jump);
    }
}
