using System.Runtime.InteropServices;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>
/// The calls of asynchronous I/O. Addresses are those of locals, of buffers that a job keeps pinned, or of an OVERLAPPED that is freed only when its
/// operation has ended.
/// </summary>
internal static unsafe partial class Sys
{
    /// <summary>Whether a handle was opened overlapped. One that does not tell is taken as one that waits.</summary>
    internal static bool IsOverlapped(nint file) =>
        Query(file, Native.FileModeInformation, out uint mode) && (mode & Native.IsSynchronous) == 0;

    /// <summary>EBADF for a handle that was not opened for an operation. One that does not tell is left to try.</summary>
    internal static Errno CheckAccess(nint file, AioOperation operation)
    {
        if (!IsOpen(file))
            return Errno.EBADF;
        uint needed = operation switch
        {
            AioOperation.Read => Native.ReadData,
            AioOperation.Write => Native.WriteData | Native.AppendData,
            _ => 0,
        };
        return needed != 0 && Query(file, Native.FileAccessInformation, out uint access) && (access & needed) == 0
            ? Errno.EBADF
            : Errno.None;
    }

    internal static nint AllocateOverlapped() => (nint)NativeMemory.AllocZeroed((nuint)sizeof(Native.Overlapped));

    internal static void FreeOverlapped(nint request) => NativeMemory.Free((void*)request);

    /// <summary>
    /// Starts a read or a write. The event is set at the end; its lowest bit keeps the packet from the port that the handle may be bound to.
    /// </summary>
    /// <returns>False when it has ended already, with what is returned.</returns>
    internal static bool Begin(AioJob job, nint request, nint wakes, out long result)
    {
        Native.Overlapped* overlapped = (Native.Overlapped*)request;
        *overlapped = new() { Offset = job.IsStream ? 0 : job.Control.Offset, Wakes = wakes | 1 };
        int error = Move(job, overlapped, null);
        if (error == Native.IoPending)
        {
            result = 0;
            return true;
        }

        result = error == 0 ? Result(job, request) : ToResult(job, error);
        return false;
    }

    /// <summary>The bytes that an operation has moved, or a negative errno. It has ended.</summary>
    internal static long Result(AioJob job, nint request)
    {
        uint moved = 0;
        bool ok = Native.GetOverlappedResult(job.Descriptor, (Native.Overlapped*)request, &moved, 0) != 0;
        return ok ? moved : ToResult(job, Marshal.GetLastPInvokeError());
    }

    internal static void Cancel(AioJob job, nint request) => Native.CancelIoEx(job.Descriptor, (Native.Overlapped*)request);

    /// <summary>Does an operation, and waits for it. Bytes, or a negative errno.</summary>
    internal static long Perform(AioJob job, int most)
    {
        if (job.Control.Operation is AioOperation.Sync or AioOperation.DataSync)
            return Native.FlushFileBuffers(job.Descriptor) != 0 ? 0 : ToResult(job, Marshal.GetLastPInvokeError());
        uint moved = 0;
        Native.Overlapped at = new() { Offset = job.Control.Offset };
        int error = Move(job, job.IsStream ? null : &at, &moved, most);
        return error == 0 ? moved : ToResult(job, error);
    }

    private static int Move(AioJob job, Native.Overlapped* request, uint* moved, int most = int.MaxValue)
    {
        void* buffer = job.Pin.Pointer;
        uint length = (uint)Math.Min(job.Length, most);
        int ok = job.Control.Operation == AioOperation.Read
            ? Native.ReadFile(job.Descriptor, buffer, length, moved, request)
            : Native.WriteFile(job.Descriptor, buffer, length, moved, request);
        return ok != 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    // The end of a file or of a pipe is a read of nothing.
    private static long ToResult(AioJob job, int error)
    {
        bool reads = job.Control.Operation == AioOperation.Read;
        return error switch
        {
            Native.HandleEof => 0,
            Native.BrokenPipe or Native.NoData or Native.PipeNotConnected => reads ? 0 : -(long)Errno.EPIPE,
            Native.OperationAborted => -(long)Errno.ECANCELED,
            Native.DiskFull => -(long)Errno.ENOSPC,
            Native.AccessDenied => -(long)Errno.EACCES,
            Native.InvalidHandle => -(long)Errno.EBADF,
            Native.InvalidParameter => -(long)Errno.EINVAL,
            Native.NotEnoughMemory or Native.NoSystemResources => -(long)Errno.ENOMEM,
            _ => -(long)Errno.EIO,
        };
    }

    private static bool Query(nint file, int kind, out uint value)
    {
        uint found = 0;
        Native.StatusBlock block = default;
        bool ok = Native.NtQueryInformationFile(file, &block, &found, sizeof(uint), kind) >= 0;
        value = found;
        return ok;
    }
}
