using System.Runtime.InteropServices;

/// <summary>Memory for machine code. It is never given back: what is in it may be called until the process is gone.</summary>
internal static unsafe partial class MachineCode
{
    private const uint CommitAndReserve = 0x3000;
    private const uint ExecuteReadWrite = 0x40;

    /// <summary>The code and, at the next multiple of eight bytes behind it, the data.</summary>
    internal static byte* Place(ReadOnlySpan<byte> code, params ReadOnlySpan<nint> data)
    {
        int aligned = (code.Length + 7) & ~7;
        byte* place = VirtualAlloc(null, (nuint)(aligned + data.Length * sizeof(nint)), CommitAndReserve, ExecuteReadWrite);
        if (place == null)
            throw new OutOfMemoryException();
        code.CopyTo(new Span<byte>(place, code.Length));
        data.CopyTo(new Span<nint>(place + aligned, data.Length));
        return place;
    }

    /// <summary>Writes over code that is there, byte by byte: no other thread may be about to run it. Before Main none of the runtime's stops the others yet.</summary>
    internal static void Replace(byte* there, ReadOnlySpan<byte> code)
    {
        if (!VirtualProtect(there, (nuint)code.Length, ExecuteReadWrite, out uint before))
            throw new InvalidOperationException($"VirtualProtect: {Marshal.GetLastPInvokeError()}");
        code.CopyTo(new Span<byte>(there, code.Length));
        VirtualProtect(there, (nuint)code.Length, before, out _);
    }

    [LibraryImport("kernel32")]
    private static partial byte* VirtualAlloc(byte* at, nuint bytes, uint kind, uint protection);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualProtect(byte* at, nuint bytes, uint protection, out uint before);
}
