namespace LibKqueueSharp.Kernels;

/// <summary>
/// The asynchronous operations of one queue, and how their registrations look to the kernel. Any thread that is inside the queue may call any member.
/// </summary>
internal abstract class AioOperations
{
    /// <summary>
    /// What marks the kernel's registrations of operations and of lists as ours, together with our ident: it is the ident of user events, or the udata of
    /// FreeBSD's own. Our idents count up and never reach these bits.
    /// </summary>
    internal const ulong FirstAio = 0x6b61_0000_0000_0000;
    internal const ulong FirstLio = 0x6b6c_0000_0000_0000;

    /// <summary>The bits that do it.</summary>
    protected const ulong Prefix = 0xffff_0000_0000_0000;

    /// <summary>True for a number that is marked.</summary>
    internal static bool IsReserved(nuint number) => (number & Prefix) is FirstAio or FirstLio;

    /// <summary>As <see cref="BackendQueue.SubmitAio"/>.</summary>
    internal abstract BackendAio? Submit(in AioControl control, out Errno error);

    /// <summary>As <see cref="BackendQueue.SubmitAioList"/>.</summary>
    internal abstract BackendAioList? SubmitList(ReadOnlySpan<AioControl> controls, nint udata, out Errno error);

    /// <summary>Translates a change of EVFILT_AIO or EVFILT_LIO; one of a registration that is not known is the kernel's to refuse.</summary>
    /// <param name="change">The change.</param>
    /// <param name="keepsUData">It leaves udata as it is.</param>
    /// <param name="raw">What is sent.</param>
    internal abstract void ToSystem(in KEvent change, bool keepsUData, ref RawEvent raw);

    /// <summary>True for an event or a record of a registration that the queue has made for an operation.</summary>
    internal abstract bool Owns(in RawEvent raw);

    /// <summary>Translates one that is owned.</summary>
    /// <returns>False when the operation is gone: the event is not handed out (AIO-004).</returns>
    internal abstract bool TryFromSystem(in RawEvent raw, ref KEvent e);

    /// <summary>The queue is closed, and its registrations are gone. What runs goes on.</summary>
    internal abstract void Closed();
}
