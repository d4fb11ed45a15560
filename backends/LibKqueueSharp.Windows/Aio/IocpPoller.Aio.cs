using System.Net.Sockets;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>Asynchronous I/O: overlapped where the handle is, and by a thread of the pool elsewhere. It goes on when the queue is closed.</summary>
internal sealed partial class IocpPoller
{
    internal override bool HasAio => true;

    internal override Errno CheckAio(AioJob job)
    {
        // Closing a Socket waits until nobody holds its handle.
        if (job.Control.File is SafeSocketHandle)
            return Errno.ENOTSUP;
        Errno error = Sys.CheckAccess(job.Descriptor, job.Control.Operation);
        if (error != Errno.None)
            return error;
        job.IsStream = !Sys.IsDiskFile(job.Descriptor);
        if (job.Control.Operation is AioOperation.Sync or AioOperation.DataSync && job.IsStream)
            return Errno.EINVAL;
        if (job.IsStream)
            return Errno.None;
        error = Sys.LookAt(job.Descriptor, out FileIdentity identity, out _);
        job.File = (identity.Volume, identity.Low ^ identity.High);
        return error == Errno.None && job.Control.Offset < 0 ? Errno.EINVAL : error;
    }

    internal override Errno StartAio(AioJob job)
    {
        if (job.Control.Operation is AioOperation.Read or AioOperation.Write)
        {
            WorkerAio.Order.Begun(job);
            if (Sys.IsOverlapped(job.Descriptor))
                OverlappedAio.Start(job);
            else
                WorkerAio.Start(job);
        }
        else if (!WorkerAio.Order.HoldsBack(job))
        {
            WorkerAio.Start(job);
        }

        return Errno.None;
    }

    internal override bool CancelAio(AioJob job, bool inside) =>
        OverlappedAio.TryCancel(job) || WorkerAio.Cancel(job);
}
