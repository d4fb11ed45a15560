using System.Runtime.InteropServices;

namespace LibKqueueSharp.Linux;

/// <summary>An entry of the submission ring (struct io_uring_sqe, 64 bytes).</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct UringEntry
{
    internal UringOperation Operation;
    internal byte Flags;
    internal ushort Priority;
    internal int Descriptor;
    internal long Offset;
    internal ulong Address;
    internal uint Length;
    internal uint Option;
    internal ulong Token;
}

/// <summary>IORING_OP_...</summary>
internal enum UringOperation : byte
{
    Nothing = 0,
    Sync = 3,
    Poll = 6,
    Cancel = 14,
    Read = 22,
    Write = 23,
}

/// <summary>
/// The two rings that are shared with the kernel (io_uring(7)). Submitting is guarded by a lock of its own, which is held across
/// io_uring_enter(2); taking is for one thread at a time, which the callers see to.
/// </summary>
/// <remarks>
/// The unsafe code follows pointers into the two mappings. They are valid from the constructor to <see cref="Dispose"/>, which is called when no thread
/// uses the ring any more and the kernel holds no request of it. The kernel writes the head of the one ring and the tail of the other, and this
/// class the other two; each is published with release order after what it covers, and read with acquire order before it.
/// </remarks>
internal sealed unsafe class Uring : IDisposable
{
    private const uint SubmissionRoom = 8;

    /// <summary>16 KiB. What does not fit is kept by the kernel, which says so in the flags.</summary>
    private const uint CompletionRoom = 1024;

    private const uint SetupCompletionRoom = 8;
    private const uint SetupClamp = 16;
    private const uint FeatureSingleMapping = 1;
    private const uint FeatureNoDrop = 2;
    private const uint EnterGetEvents = 1;
    private const uint FlagOverflow = 2;
    private const long EntriesOffset = 0x1000_0000;
    private const Errno Busy = (Errno)16;
    private const int EntrySize = 64;
    private const int CompletionSize = 16;

    private static readonly Lazy<bool> s_allowed = new(Probe);

    private readonly Lock _gate = new();
    private readonly byte* _rings;
    private readonly nuint _ringsSize;
    private readonly byte* _entries;
    private readonly nuint _entriesSize;
    private readonly Parameters _at;
    private readonly uint _submissionMask;
    private readonly uint _completionMask;

    private Uring(int fd, in Parameters at, byte* rings, nuint ringsSize, byte* entries, nuint entriesSize)
    {
        Descriptor = fd;
        _at = at;
        _rings = rings;
        _ringsSize = ringsSize;
        _entries = entries;
        _entriesSize = entriesSize;
        _submissionMask = *(uint*)(rings + at.sq_off.ring_mask);
        _completionMask = *(uint*)(rings + at.cq_off.ring_mask);
    }

    /// <summary>io_uring works for this process. Asked once: kernel.io_uring_disabled and seccomp can forbid it.</summary>
    internal static bool IsAllowed => s_allowed.Value;

    internal int Descriptor { get; }

    /// <summary>Grows with each request that the kernel finishes. For any thread.</summary>
    internal uint Finished => Volatile.Read(ref Word(_at.cq_off.tail));

    /// <summary>Null where it is forbidden, or there is no memory or no descriptor for it.</summary>
    internal static Uring? TryCreate()
    {
        Parameters at = default;
        at.flags = SetupCompletionRoom | SetupClamp;
        at.cq_entries = CompletionRoom;
        int fd = Sys.UringSetup(SubmissionRoom, &at);
        if (fd < 0)
            return null;
        nuint ringsSize = Math.Max(at.sq_off.array + at.sq_entries * sizeof(uint), at.cq_off.cqes + at.cq_entries * CompletionSize);
        nuint entriesSize = at.sq_entries * EntrySize;
        bool hasFeatures = (at.features & (FeatureSingleMapping | FeatureNoDrop)) == (FeatureSingleMapping | FeatureNoDrop);
        byte* rings = hasFeatures ? Sys.Map(fd, ringsSize, 0) : null;
        byte* entries = rings is null ? null : Sys.Map(fd, entriesSize, EntriesOffset);
        if (entries is not null)
            return new Uring(fd, at, rings, ringsSize, entries, entriesSize);
        if (rings is not null)
            Sys.Unmap(rings, ringsSize);
        Sys.Close(fd);
        return null;
    }

    /// <summary>Hands one request to the kernel.</summary>
    /// <returns>EAGAIN or ENOMEM when it cannot take one now; it has none of it then.</returns>
    internal Errno Submit(in UringEntry entry)
    {
        lock (_gate)
        {
            ref uint tail = ref Word(_at.sq_off.tail);
            uint at = tail;
            uint index = at & _submissionMask;
            ((UringEntry*)_entries)[index] = entry;
            Word(_at.sq_off.array + index * sizeof(uint)) = index;
            Volatile.Write(ref tail, at + 1);
            Errno error = Sys.UringEnter(Descriptor, 1, 0, 0, out _);

            // The head is the kernel's: it has moved when the request was taken, whatever the call said of other things.
            if (Volatile.Read(ref Word(_at.sq_off.head)) == at + 1)
                return Errno.None;

            // The kernel reads the tail only inside the call.
            Volatile.Write(ref tail, at);
            return error is Errno.None or Busy ? Errno.EAGAIN : error;
        }
    }

    /// <summary>Takes one finished request.</summary>
    internal bool TryTake(out ulong token, out int result)
    {
        ref uint head = ref Word(_at.cq_off.head);
        uint at = head;
        if (at == Finished && (Volatile.Read(ref Word(_at.sq_off.flags)) & FlagOverflow) != 0)
            Sys.UringEnter(Descriptor, 0, 0, EnterGetEvents, out _);
        if (at == Finished)
        {
            (token, result) = (0, 0);
            return false;
        }

        byte* completion = _rings + _at.cq_off.cqes + (at & _completionMask) * CompletionSize;
        token = *(ulong*)completion;
        result = *(int*)(completion + sizeof(ulong));
        Volatile.Write(ref head, at + 1);
        return true;
    }

    /// <summary>Sleeps until there is something to take, or a signal comes.</summary>
    internal void Wait() => Sys.UringEnter(Descriptor, 0, 1, EnterGetEvents, out _);

    public void Dispose()
    {
        Sys.Unmap(_entries, _entriesSize);
        Sys.Unmap(_rings, _ringsSize);
        Sys.Close(Descriptor);
    }

    private static bool Probe()
    {
        using Uring? ring = TryCreate();
        if (ring is null || ring.Submit(new UringEntry { Operation = UringOperation.Nothing, Token = 1 }) != Errno.None)
            return false;
        return ring.TryTake(out _, out int result) && result == 0;
    }

    private ref uint Word(uint offset) => ref *(uint*)(_rings + offset);

    /// <summary>struct io_uring_params.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 120)]
    internal struct Parameters
    {
        internal uint sq_entries;
        internal uint cq_entries;
        internal uint flags;
        internal uint sq_thread_cpu;
        internal uint sq_thread_idle;
        internal uint features;
        internal uint wq_fd;
        internal uint resv0;
        internal uint resv1;
        internal uint resv2;
        internal SubmissionOffsets sq_off;
        internal CompletionOffsets cq_off;
    }

    /// <summary>struct io_sqring_offsets.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 40)]
    internal struct SubmissionOffsets
    {
        internal uint head;
        internal uint tail;
        internal uint ring_mask;
        internal uint ring_entries;
        internal uint flags;
        internal uint dropped;
        internal uint array;
    }

    /// <summary>struct io_cqring_offsets.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 40)]
    internal struct CompletionOffsets
    {
        internal uint head;
        internal uint tail;
        internal uint ring_mask;
        internal uint ring_entries;
        internal uint overflow;
        internal uint cqes;
        internal uint flags;
    }
}
