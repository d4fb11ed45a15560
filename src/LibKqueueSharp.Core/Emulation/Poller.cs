using System.Runtime.InteropServices;

namespace LibKqueueSharp.Emulation;

/// <summary>
/// What an operating system supplies to the engine: a place to sleep that its kernel wakes, and filters.
/// </summary>
internal abstract class Poller : IDisposable
{
    /// <summary>The least room for one call of <see cref="Wait"/>, in bytes.</summary>
    internal const int ScratchSize = 4096;

    private const int BytesPerEvent = 16;
    private const int MostEvents = 4096;

    /// <summary>
    /// Room for a wait that can report all that its caller has slots for (CALL-NEV-007), in bytes: at most 64 KiB, since it
    /// is on the stack.
    /// </summary>
    internal static int ScratchFor(int wanted) => Math.Clamp(wanted, ScratchSize / BytesPerEvent, MostEvents) * BytesPerEvent;

    /// <summary>Room for a look at a queue from a queue that watches it, in bytes: it is on the stack once a queue of the chain.</summary>
    internal virtual int ScratchToCount => ScratchFor(int.MaxValue);

    /// <summary>
    /// True while something is registered with the kernel, so that a scan has to ask it. Written under the
    /// queue's lock; a scan may read it without: a registration that races with the scan is one that came after it.
    /// </summary>
    internal abstract bool HasInterest { get; }

    /// <summary>Descriptors held open for the queue.</summary>
    internal abstract int DescriptorCount { get; }

    /// <summary>The queue's own descriptor.</summary>
    internal abstract SafeHandle Descriptor { get; }

    /// <summary>The filters of this system for a queue. Called once.</summary>
    internal abstract IEnumerable<Filter> CreateFilters(EmulatedQueue queue);

    /// <summary>
    /// Sleeps until the kernel has something, or <see cref="Wake"/> is called, or the time is over. Called without the
    /// lock, by many threads at once. What the kernel said goes into <paramref name="scratch"/> and counts only
    /// once <see cref="Harvest"/> has seen it.
    /// </summary>
    /// <param name="scratch">At least <see cref="ScratchSize"/> bytes of the caller's.</param>
    /// <param name="wanted">How many events the caller can use, a hint.</param>
    /// <param name="nanoseconds">How long; 0 polls, negative is without end. Never returns 0 entries early.</param>
    /// <param name="entries">How many entries were written.</param>
    /// <returns>EINTR when a signal was handled; None otherwise.</returns>
    internal abstract Errno Wait(Span<byte> scratch, int wanted, long nanoseconds, out int entries);

    /// <summary>
    /// The last harvest could not take in all that is ready, so a call whose time is over asks once more. Read and written with the lock held.
    /// </summary>
    internal bool MustAskAgain { get; private protected set; }

    /// <summary>Activates the knotes that the entries speak of; -1 entries when the kernel was not asked. Called with the lock held.</summary>
    internal abstract void Harvest(ReadOnlySpan<byte> scratch, int entries);

    /// <summary>Looks at knotes for which the kernel raises no event. Called with the lock held, before each scan.</summary>
    internal virtual void BeforeScan()
    {
    }

    /// <summary>Wakes one thread that sleeps in <see cref="Wait"/>. Called without the lock.</summary>
    internal abstract void Wake();

    /// <summary>Wakes every thread in <see cref="Wait"/>, now and later: the queue is closed. Called with the lock held.</summary>
    internal abstract void WakeAll();

    /// <summary>
    /// From now on the queue's descriptor has to be readable while events are pending (KQ-POLL-001): the engine calls
    /// <see cref="SetPending"/> and <see cref="SetAlarm"/>. Called with the lock held.
    /// </summary>
    internal abstract Errno Export();

    /// <summary>Makes the descriptor of an exported queue readable, or no longer so. Called with the lock held.</summary>
    internal abstract void SetPending(bool pending);

    /// <summary>
    /// Makes the descriptor of an exported queue readable at a time of the queue's clock in nanoseconds, or
    /// never (<see cref="long.MaxValue"/>). Called with the lock held.
    /// </summary>
    internal abstract void SetAlarm(long deadline);

    /// <summary>Operations of <see cref="AioJob"/> can be started here.</summary>
    internal virtual bool HasAio => false;

    /// <summary>How many operations may be under way at once, in one queue.</summary>
    internal virtual int MostAio => 65_536;

    /// <summary>
    /// Looks at the file of an operation: EBADF when it is not open, or not for this; EINVAL when it cannot be done. Sets
    /// <see cref="AioJob.IsStream"/>. Called without the lock.
    /// </summary>
    internal virtual Errno CheckAio(AioJob job) => Errno.ENOTSUP;

    /// <summary>
    /// Starts an operation, whose <see cref="AioJob.Finish"/> is called exactly once if this returns None, and never otherwise. Called without the lock.
    /// </summary>
    internal virtual Errno StartAio(AioJob job) => Errno.ENOTSUP;

    /// <summary>Asks for the end of an operation. Called without the lock, also after <see cref="Dispose"/>.</summary>
    /// <param name="job">An operation that was started.</param>
    /// <param name="inside">The caller keeps the queue, and may have it harvest.</param>
    /// <returns>True when it is about to be finished, with ECANCELED or otherwise; false when it goes on.</returns>
    internal virtual bool CancelAio(AioJob job, bool inside) => false;

    /// <summary>Finishes the operations that are done by now. Called with the lock held.</summary>
    internal virtual void HarvestAio()
    {
    }

    /// <summary>This is a child of fork(2): closes the descriptors, and changes nothing that the parent shares.</summary>
    internal virtual void AbandonInChild() => Dispose();

    /// <summary>Closes everything. Called once, when no thread is inside any more.</summary>
    public abstract void Dispose();
}
