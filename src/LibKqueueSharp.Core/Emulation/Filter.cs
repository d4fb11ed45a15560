namespace LibKqueueSharp.Emulation;

/// <summary>
/// What a filter does: the operations of the kernel's <c>struct filterops</c>. One object for each filter of a queue.
/// Every member is called with the queue's lock held and must not wait.
/// </summary>
internal abstract class Filter(EmulatedQueue queue, EventFilter number)
{
    internal EventFilter Number { get; } = number;

    protected EmulatedQueue Queue { get; } = queue;

    protected Dialect Dialect => Queue.Dialect;

    /// <summary>Refuses an ident before a registration is looked up: EBADF for a descriptor that is not open (CALL-ERR-018).</summary>
    internal virtual Errno CheckIdent(in KEvent change) => Errno.None;

    /// <summary>The registration, or null.</summary>
    internal virtual Knote? Find(nuint ident) => Queue.Table.Find(ident, Number);

    /// <summary>
    /// Asked before EV_ADD modifies a registration: false when the object it was made for is gone. The filter has
    /// then dropped the knote, and a new one is made (FD-CLOSE-005).
    /// </summary>
    internal virtual bool StillThere(Knote kn) => true;

    /// <summary>
    /// f_attach: checks the parameters and starts watching; may set EV_CLEAR or other attributes. On failure
    /// nothing is left behind.
    /// </summary>
    internal abstract Errno Attach(Knote kn);

    /// <summary>
    /// f_detach: stops watching. The errno is for EV_DELETE only, when the object turns out to be gone already; the
    /// knote is detached in any case.
    /// </summary>
    internal abstract Errno Detach(Knote kn);

    /// <summary>
    /// f_touch(EVENT_REGISTER): a change to an existing registration. What the filter alters in the change, a record shows.
    /// </summary>
    internal virtual Errno Touch(Knote kn, ref KEvent change)
    {
        kn.SavedFFlags = change.FFlags;
        kn.SavedData = change.Data;
        return Errno.None;
    }

    /// <summary>The registration is disabled from now on, by a change or by EV_DISPATCH. May be called again.</summary>
    internal virtual void Disabled(Knote kn)
    {
    }

    /// <summary>The registration was enabled again: a filter that had let go of its source takes it up.</summary>
    internal virtual void Enabled(Knote kn)
    {
    }

    /// <summary>
    /// The end of a change to an enabled registration (the label done_ev_add in the kernel): activates the
    /// knote if its condition holds, or makes sure that the poller will.
    /// </summary>
    internal virtual void Reevaluate(Knote kn)
    {
        if (Event(kn))
            Queue.Activate(kn);
    }

    /// <summary>
    /// EV_FORCEONESHOT: computes what the event will carry, whether the condition holds or not (CORE-FORCE-002).
    /// </summary>
    internal virtual void Look(Knote kn) => Event(kn);

    /// <summary>f_event: whether the condition holds now; sets data, fflags and EV_EOF (ORD-007).</summary>
    internal abstract bool Event(Knote kn);

    /// <summary>
    /// A deadline that the filter put into the queue's heap has come.
    /// </summary>
    /// <returns>The next deadline, <see cref="long.MaxValue"/> for none.</returns>
    internal virtual long Expired(Knote kn, long deadline, long now) => long.MaxValue;

    /// <summary>Something that <see cref="EmulatedQueue.Post"/> tells of has happened.</summary>
    internal virtual void Posted(nint what)
    {
    }

    /// <summary>f_touch(EVENT_PROCESS): the event to hand out; EV_CLEAR resets the knote (CORE-CLR-004).</summary>
    internal virtual KEvent Take(Knote kn)
    {
        KEvent taken = kn.ToEvent();
        if (kn.Has(EventFlags.Clear))
        {
            kn.Data = 0;
            kn.FFlags = 0;
        }

        return taken;
    }

    /// <summary>For <see cref="BackendQueue.Explain"/>. Called without the lock.</summary>
    internal virtual string? Explain(Errno error, in KEvent change) => null;

    /// <summary>True when a queued knote makes the queue's descriptor readable by the kernel's own doing.</summary>
    internal virtual bool KernelShows(Knote kn) => false;

    /// <summary>Puts the knote where <see cref="Find"/> finds it.</summary>
    internal virtual void Insert(Knote kn) => Queue.Table.Add(kn);

    /// <summary>Drops the knotes that are not in the queue's table, because the queue is closing.</summary>
    internal virtual void DiscardAll()
    {
    }

    /// <summary>Undoes <see cref="Insert"/>.</summary>
    internal virtual void Remove(Knote kn) => Queue.Table.Remove(kn);
}
