using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kernels.Tests;

/// <summary>
/// aio(4) of FreeBSD for <see cref="EmulatedKernel"/>: the emulation's operations behind FreeBSD's struct aiocb, whose addresses are the idents. The offsets
/// are those of sys/aio.h and sys/signal.h with eight-byte pointers, and none of the backend's.
/// </summary>
internal static unsafe class EmulatedAio
{
    private const int SigevKevent = 3;
    private const int LioRead = 2;

    // All guarded by s_gate.
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<nint, BackendAio> s_jobs = [];
    private static readonly Dictionary<nint, Errno> s_refused = [];
    private static readonly Dictionary<nuint, nint> s_addresses = [];
    private static readonly Dictionary<nint, nuint> s_idents = [];

    /// <summary>Control blocks that aio_return(2) was not called for.</summary>
    internal static int Kept
    {
        get
        {
            lock (s_gate)
                return s_jobs.Count;
        }
    }

    internal static nint Find(string symbol) => symbol switch
    {
        "aio_read" => (nint)(delegate* unmanaged<byte*, int>)&Read,
        "aio_write" => (nint)(delegate* unmanaged<byte*, int>)&Write,
        "aio_fsync" => (nint)(delegate* unmanaged<int, byte*, int>)&Sync,
        "lio_listio" => (nint)(delegate* unmanaged<int, byte**, int, byte*, int>)&List,
        "aio_error" => (nint)(delegate* unmanaged<byte*, int>)&Error,
        "aio_return" => (nint)(delegate* unmanaged<byte*, nint>)&Return,
        "aio_cancel" => (nint)(delegate* unmanaged<int, byte*, int>)&Cancel,
        _ => 0,
    };

    /// <summary>The kernel's ident for the emulation's.</summary>
    internal static nuint AddressOf(nuint ident)
    {
        lock (s_gate)
            return s_addresses.TryGetValue(ident, out nint address) ? (nuint)address : ident;
    }

    /// <summary>The emulation's ident for the kernel's.</summary>
    internal static nuint IdentOf(nuint address)
    {
        lock (s_gate)
            return s_idents.TryGetValue((nint)address, out nuint ident) ? ident : address;
    }

    [UnmanagedCallersOnly]
    private static int Read(byte* block) => Submit(block, AioOperation.Read);

    [UnmanagedCallersOnly]
    private static int Write(byte* block) => Submit(block, AioOperation.Write);

    [UnmanagedCallersOnly]
    private static int Sync(int operation, byte* block) => operation switch
    {
        0x80 => Submit(block, AioOperation.Sync),
        0x100_0000 => Submit(block, AioOperation.DataSync),
        _ => EmulatedKernel.Fail(Errno.EINVAL),
    };

    private static int Submit(byte* block, AioOperation operation)
    {
        if (!EmulatedKernel.TryFind(*(int*)(block + 84), out BackendQueue queue))
            return EmulatedKernel.Fail(Errno.EBADF);
        lock (s_gate)
        {
            BackendAio? job = queue.SubmitAio(Control(block, operation), out Errno error);
            if (job is null)
                return EmulatedKernel.Fail(error);
            Keep(job, block);
            return 0;
        }
    }

    [UnmanagedCallersOnly]
    private static int List(int mode, byte** blocks, int count, byte* notify)
    {
        if (mode != 0 || *(int*)notify != SigevKevent || !EmulatedKernel.TryFind(*(int*)(notify + 4), out BackendQueue queue))
            return EmulatedKernel.Fail(Errno.EINVAL);
        List<nint> given = [.. Enumerable.Range(0, count).Select(i => (nint)blocks[i]).Where(block => block != 0)];
        AioControl[] controls = [.. given.Select(block => Control((byte*)block, *(int*)(block + 48) == LioRead ? AioOperation.Read : AioOperation.Write))];
        lock (s_gate)
        {
            BackendAioList? list = queue.SubmitAioList(controls, *(nint*)(notify + 8), out Errno error);
            if (list is null)
                return EmulatedKernel.Fail(error);
            s_addresses[list.Ident] = (nint)blocks;
            s_idents[(nint)blocks] = list.Ident;
            for (int i = 0; i < given.Count; i++)
            {
                if (list.Members[i] is { } job)
                    Keep(job, (byte*)given[i]);
                else
                    s_refused[given[i]] = list.Errors[i];
            }

            return error == Errno.None ? 0 : EmulatedKernel.Fail(error);
        }
    }

    [UnmanagedCallersOnly]
    private static int Error(byte* block)
    {
        lock (s_gate)
        {
            Errno error = s_jobs.TryGetValue((nint)block, out BackendAio? job) ? job.Error : s_refused.GetValueOrDefault((nint)block, Errno.EINVAL);
            return EmulatedKernel.NumberOf(error);
        }
    }

    [UnmanagedCallersOnly]
    private static nint Return(byte* block)
    {
        lock (s_gate)
        {
            s_refused.Remove((nint)block);
            if (!s_jobs.TryGetValue((nint)block, out BackendAio? job))
                return EmulatedKernel.Fail(Errno.EINVAL);
            long result = job.Return(out Errno error);
            if (job.Error != Errno.EINVAL)
                return EmulatedKernel.Fail(error);
            s_jobs.Remove((nint)block);
            s_addresses.Remove(job.Ident);
            s_idents.Remove((nint)block);
            return error == Errno.None ? (nint)result : EmulatedKernel.Fail(error);
        }
    }

    [UnmanagedCallersOnly]
    private static int Cancel(int fd, byte* block)
    {
        lock (s_gate)
            return fd != *(int*)block ? EmulatedKernel.Fail(Errno.EBADF) : s_jobs.TryGetValue((nint)block, out BackendAio? job) ? (int)job.Cancel() : 3;
    }

    private static void Keep(BackendAio job, byte* block)
    {
        s_jobs[(nint)block] = job;
        s_addresses[job.Ident] = (nint)block;
        s_idents[(nint)block] = job.Ident;
    }

    private static AioControl Control(byte* block, AioOperation operation) => new()
    {
        Operation = operation,
        File = new SafeFileHandle(*(int*)block, ownsHandle: false),
        Offset = *(long*)(block + 8),
        Buffer = new Foreign(*(byte**)(block + 16), (int)*(long*)(block + 24)).Memory,
        UData = *(nint*)(block + 88),
        Flags = (EventFlags)(*(ushort*)(block + 96)),
        IsSilent = *(int*)(block + 80) != SigevKevent,
    };

    /// <summary>Memory of the caller's.</summary>
    private sealed class Foreign(byte* at, int length) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => new(at, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new(at + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
