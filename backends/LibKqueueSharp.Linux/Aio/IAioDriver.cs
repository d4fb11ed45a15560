using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>A way to do I/O that goes on by itself. The members may be called by any thread, without the queue's lock.</summary>
internal interface IAioDriver
{
    /// <summary>As <see cref="Poller.StartAio"/>.</summary>
    Errno Start(AioJob job);

    /// <summary>As <see cref="Poller.CancelAio"/>.</summary>
    bool Cancel(AioJob job, bool inside);
}
