using System.Runtime.InteropServices;

namespace LibKqueueSharp.Windows.Tests.Processes;

/// <summary>What others may do with a process.</summary>
internal static unsafe partial class ProcessRights
{
    /// <summary>Everybody may wait for it and look at it, and nothing else.</summary>
    private const string LookOnly = "D:(A;;0x101400;;;WD)";
    private const uint Revision = 1;
    private const uint AccessList = 4;

    internal static void Restrict(nint process)
    {
        void* descriptor;
        Assert.That(ConvertStringSecurityDescriptorToSecurityDescriptor(LookOnly, Revision, &descriptor, null), Is.Not.Zero);
        Assert.That(SetKernelObjectSecurity(process, AccessList, descriptor), Is.Not.Zero);
        LocalFree((nint)descriptor);
    }

    [LibraryImport("advapi32", EntryPoint = "ConvertStringSecurityDescriptorToSecurityDescriptorW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial int ConvertStringSecurityDescriptorToSecurityDescriptor(string text, uint revision, void** descriptor, uint* length);

    [LibraryImport("advapi32")]
    private static partial int SetKernelObjectSecurity(nint handle, uint kind, void* descriptor);

    [LibraryImport("kernel32")]
    private static partial nint LocalFree(nint memory);
}
