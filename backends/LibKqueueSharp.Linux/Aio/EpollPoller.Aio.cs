using System.Net.Sockets;
using LibKqueueSharp.Emulation;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Linux;

/// <summary>Asynchronous I/O: io_uring where it is allowed, and threads elsewhere (docs/decisions/0011-aio.md).</summary>
internal sealed partial class EpollPoller
{
    private const ulong AioToken = 10;

    /// <summary>Guards the making of the driver. Taken before the queue's lock, never with it held.</summary>
    private readonly Lock _aioGate = new();

    /// <summary>Written once, under <see cref="_aioGate"/>, read without it: a driver is ready for any thread when it is seen here.</summary>
    private volatile IAioDriver? _aio;

    /// <summary>
    /// The driver, where it is io_uring. Written once, under the queue's lock, when the ring is registered with the set; a wait
    /// reads it without. It stays usable for every thread inside the queue.
    /// </summary>
    private volatile UringDriver? _ring;

    /// <summary>False keeps this queue's operations on threads.</summary>
    internal bool UsesIoUring { get; init; } = true;

    internal override bool HasAio => true;

    internal override int MostAio => AioLimit;

    /// <summary>Operations under way at once; EAGAIN beyond.</summary>
    internal int AioLimit { get; init; } = LinuxBackend.UsualAioLimit;

    internal override Errno CheckAio(AioJob job)
    {
        AioOperation operation = job.Control.Operation;
        Errno error = Sys.CheckFile(job.Descriptor, operation, out FileKind kind, out (ulong, ulong) file);
        if (error != Errno.None)
            return error;
        job.IsStream = kind != FileKind.Disk;
        job.File = file;
        if (operation is AioOperation.Sync or AioOperation.DataSync)
            return job.IsStream ? Errno.EINVAL : Errno.None;

        // A device may have negative offsets (FreeBSD's aio_aqueue).
        if (job.Control.Offset < 0 && kind != FileKind.CharacterDevice)
            return Errno.EINVAL;
        return job.Control.File is SafeSocketHandle ? HoldDuplicate(job) : Errno.None;
    }

    /// <summary>Closing a Socket waits until nobody holds its handle.</summary>
    private static Errno HoldDuplicate(AioJob job)
    {
        Errno error = Sys.Duplicate(job.Descriptor, out int duplicate);
        if (error == Errno.None)
            job.HoldInstead(new SafeFileHandle(duplicate, ownsHandle: true));
        return error;
    }

    internal override Errno StartAio(AioJob job)
    {
        Errno error = OpenAio(out IAioDriver? driver);
        if (error != Errno.None)
            return error;
        if (job.Control.Operation is AioOperation.Read or AioOperation.Write)
            return StartTransfer(driver!, job);

        // A write that is done, and not looked at, holds a sync up for nothing.
        _queue.HarvestInside();
        return AioPool.Order.HoldsBack(job) ? Errno.None : driver!.Start(job);
    }

    internal override bool CancelAio(AioJob job, bool inside) =>
        job.IsHeldBack ? AioPool.Cancel(job) : _aio!.Cancel(job, inside);

    internal override void HarvestAio() => _ring?.Harvest();

    private static Errno StartTransfer(IAioDriver driver, AioJob job)
    {
        AioPool.Order.Begun(job);
        Errno error = driver.Start(job);
        if (error != Errno.None)
            AioPool.Order.Ended(job);
        return error;
    }

    private Errno OpenAio(out IAioDriver? driver)
    {
        driver = _aio;
        if (driver is not null)
            return Errno.None;
        lock (_aioGate)
        {
            driver = _aio;
            if (driver is not null)
                return Errno.None;
            if (UsesIoUring && UringDriver.TryCreate(_queue) is { } uring)
            {
                Errno error = _queue.Locked(() => RegisterRing(uring));
                if (error != Errno.None)
                {
                    uring.Close();
                    return error;
                }

                driver = uring;
            }

            _aio = driver ??= new AioPool();
            return Errno.None;
        }
    }

    private Errno RegisterRing(UringDriver ring)
    {
        Errno error = ring.Register(_epfd, AioToken);
        if (error != Errno.None)
            return error == Errno.ENOSPC ? Errno.EAGAIN : error;
        _interest++;
        _ring = ring;
        return Errno.None;
    }
}
