using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kernels.Tests;

/// <summary>
/// aio(4) of FreeBSD for <see cref="EmulatedKernel"/>: the emulation's operations behind FreeBSD's struct aiocb, whose addresses are the idents. The offsets
/// are those of sys/aio.h and sys/signal.h with eight-byte pointers, and none of the backend's. As there, a submission leaves EINPROGRESS or its error in the block,
/// and aio_error(2) of an unknown block reads it.
/// </summary>
internal static unsafe class EmulatedAio
{
    private const int SigevKevent = 3;
    private const int LioRead = 2;

    // All guarded by s_gate.
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<nint, BackendAio> s_jobs = [];
    private static readonly Dictionary<nint, Listed> s_lists = [];
    private static readonly HashSet<(int Queue, nint Address)> s_registered = [];
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

    /// <summary>What is under way is never cancelled: AIO_NOTCANCELED.</summary>
    internal static bool CancelsNothing { get; set; }

    /// <summary>lio_listio(2) returns when its members have ended.</summary>
    internal static bool WaitsForMembers { get; set; }

    /// <summary>The queue is gone, and the registrations of lists with it.</summary>
    internal static void Closed(int queue)
    {
        lock (s_gate)
            s_registered.RemoveWhere(r => r.Queue == queue);
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
            Store(block, -1, job is null ? error : Errno.EINPROGRESS);
            if (job is null)
                return EmulatedKernel.Fail(error);
            Keep(job, block);
            return 0;
        }
    }

    [UnmanagedCallersOnly]
    private static int List(int mode, byte** blocks, int count, byte* notify)
    {
        int kq = *(int*)(notify + 4);
        if (mode != 0 || *(int*)notify != SigevKevent || !EmulatedKernel.TryFind(kq, out BackendQueue queue))
            return EmulatedKernel.Fail(Errno.EINVAL);
        List<nint> given = [.. Enumerable.Range(0, count).Select(i => (nint)blocks[i]).Where(block => block != 0)];
        AioControl[] controls = [.. given.Select(block => Control((byte*)block, *(int*)(block + 48) == LioRead ? AioOperation.Read : AioOperation.Write))];
        lock (s_gate)
        {
            // A kernel takes the second registration of an address for a change of the first, and the list's event is lost.
            if (s_registered.Contains((kq, (nint)blocks)))
                return EmulatedKernel.Fail(Errno.EEXIST);
            BackendAioList? list = queue.SubmitAioList(controls, *(nint*)(notify + 8), out Errno error);
            if (list is null)
                return EmulatedKernel.Fail(error);
            Listed listed = new() { Queue = kq, Address = (nint)blocks, Held = list.Members.Count(m => m is not null) };
            if (listed.Held != 0)
                s_registered.Add((kq, (nint)blocks));
            s_addresses[list.Ident] = (nint)blocks;
            s_idents[(nint)blocks] = list.Ident;
            for (int i = 0; i < given.Count; i++)
            {
                Store((byte*)given[i], -1, list.Members[i] is null ? list.Errors[i] : Errno.EINPROGRESS);
                if (list.Members[i] is not { } job)
                    continue;
                Keep(job, (byte*)given[i]);
                s_lists[given[i]] = listed;
            }

            while (WaitsForMembers && list.Members.Any(m => m?.Error == Errno.EINPROGRESS))
                Thread.Yield();

            return error == Errno.None ? 0 : EmulatedKernel.Fail(error);
        }
    }

    [UnmanagedCallersOnly]
    private static int Error(byte* block)
    {
        lock (s_gate)
        {
            if (s_jobs.TryGetValue((nint)block, out BackendAio? job))
                return EmulatedKernel.NumberOf(job.Error);
            return *(long*)(block + 56) == -1 ? (int)(*(long*)(block + 64)) : EmulatedKernel.NumberOf(Errno.EINVAL);
        }
    }

    [UnmanagedCallersOnly]
    private static nint Return(byte* block)
    {
        lock (s_gate)
        {
            if (!s_jobs.TryGetValue((nint)block, out BackendAio? job))
                return EmulatedKernel.Fail(Errno.EINVAL);
            long result = job.Return(out Errno error);
            if (job.Error != Errno.EINVAL)
                return EmulatedKernel.Fail(error);
            s_jobs.Remove((nint)block);
            s_addresses.Remove(job.Ident);
            s_idents.Remove((nint)block);
            if (s_lists.Remove((nint)block, out Listed? list) && --list.Held == 0)
                s_registered.Remove((list.Queue, list.Address));
            Store(block, result, error);
            return error == Errno.None ? (nint)result : EmulatedKernel.Fail(error);
        }
    }

    [UnmanagedCallersOnly]
    private static int Cancel(int fd, byte* block)
    {
        lock (s_gate)
        {
            if (fd != *(int*)block)
                return EmulatedKernel.Fail(Errno.EBADF);
            if (!s_jobs.TryGetValue((nint)block, out BackendAio? job))
                return (int)AioCancelResult.AllDone;
            if (CancelsNothing)
                return (int)(job.Error == Errno.EINPROGRESS ? AioCancelResult.NotCanceled : AioCancelResult.AllDone);
            return (int)job.Cancel();
        }
    }

    // _aiocb_private: status and error, a long each.
    private static void Store(byte* block, long status, Errno error)
    {
        *(long*)(block + 56) = status;
        *(long*)(block + 64) = EmulatedKernel.NumberOf(error);
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

    /// <summary>A list whose members were not all returned. Guarded by s_gate.</summary>
    private sealed class Listed
    {
        internal required int Queue { get; init; }

        internal required nint Address { get; init; }

        internal int Held { get; set; }
    }

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
