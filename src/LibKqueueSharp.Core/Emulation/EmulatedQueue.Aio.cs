namespace LibKqueueSharp.Emulation;

/// <summary>aio_aqueue and lio_listio: what is submitted, and what becomes of it.</summary>
/// <remarks>
/// Order of events in an operation's life: its registration is made under the lock, then it is started without the lock, so that
/// a start that takes long keeps nobody waiting. It may be finished before the start has returned; the registration is there by then.
/// </remarks>
internal sealed partial class EmulatedQueue : IAioQueue
{
    private const EventFlags NotificationFlags = EventFlags.OneShot | EventFlags.Clear | EventFlags.Dispatch;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly AioFilter _aio;
    private readonly AioFilter _lio;

    /// <summary>Operations that are under way. Interlocked.</summary>
    private int _running;

    public override BackendAio? SubmitAio(in AioControl control, out Errno error)
    {
        error = Errno.EBADF;
        if (!TryEnter())
            return null;
        try
        {
            AioJob job = new(this, control, null);
            error = Submit(job);
            return error == Errno.None ? job : null;
        }
        finally
        {
            Exit();
        }
    }

    public override BackendAioList? SubmitAioList(ReadOnlySpan<AioControl> controls, nint udata, out Errno error)
    {
        error = Errno.EBADF;
        if (!TryEnter())
            return null;
        try
        {
            AioJobList list = new();
            error = controls.IsEmpty ? Errno.EINVAL : Register(list, udata);
            if (error != Errno.None)
                return null;
            AioJob?[] members = new AioJob?[controls.Length];
            Errno[] errors = new Errno[controls.Length];
            SubmitMembers(list, controls, members, errors);
            if (Array.Exists(errors, e => e != Errno.None))
                error = Errno.EIO;
            ReleaseList(list, Array.TrueForAll(members, m => m is null));
            return new BackendAioList(list.Ident, members, errors);
        }
        finally
        {
            Exit();
        }
    }

    private void SubmitMembers(AioJobList list, ReadOnlySpan<AioControl> controls, AioJob?[] members, Errno[] errors)
    {
        try
        {
            list.Submit(this, controls, members, errors);
        }
        catch
        {
            ReleaseList(list, isEmpty: true);
            throw;
        }
    }

    /// <inheritdoc/>
    public void HarvestAio()
    {
        if (!TryEnter())
            return;
        HarvestInside();
        Exit();
    }

    /// <summary>The same for a thread that is inside, also when the queue is closed meanwhile.</summary>
    internal void HarvestInside()
    {
        bool wake;
        lock (_gate)
        {
            _poller.HarvestAio();
            UpdateExport();
            wake = NeedsWake();
        }

        if (wake)
            _poller.Wake();
    }

    /// <summary>Calls a poller's method with the lock held, for one that was called without.</summary>
    internal Errno Locked(Func<Errno> method)
    {
        lock (_gate)
            return _closed ? Errno.EBADF : method();
    }

    /// <inheritdoc/>
    public void AioEnded() => Interlocked.Decrement(ref _running);

    /// <summary>After <see cref="AioJob.Finish"/>: activates the registrations. Called with the lock held.</summary>
    internal void AioFinished(AioJob job)
    {
        _aio.Posted((nint)job.Ident);
        if (job.List is not { } list || --list.Running != 0)
            return;
        if (list.Held == 0)
            _lio.Unregister(list.Ident);
        else
            _lio.Posted((nint)list.Ident);
    }

    /// <inheritdoc/>
    public void PostAio(AioJob job)
    {
        if (!TryEnter())
            return;
        bool wake = false;
        lock (_gate)
        {
            if (!_closed)
            {
                AioFinished(job);
                UpdateExport();
                wake = NeedsWake();
            }
        }

        SwitchPoint.Here();
        if (wake)
            _poller.Wake();
        Exit();
    }

    /// <inheritdoc/>
    public void AioReturned(AioJob job)
    {
        if (!TryEnter())
            return;
        lock (_gate)
        {
            if (!_closed)
            {
                _aio.Unregister(job.Ident);
                if (job.List is { } list && --list.Held == 0 && list.Running == 0)
                    _lio.Unregister(list.Ident);
                UpdateExport();
            }
        }

        Exit();
    }

    /// <inheritdoc/>
    public bool CancelAio(AioJob job)
    {
        bool inside = TryEnter();
        try
        {
            if (!_poller.CancelAio(job, inside))
                return false;

            // It is about to end; who completes it may have been faster than the cancellation.
            long until = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
            for (SpinWait spinner = default; !job.IsFinished && Environment.TickCount64 < until;)
            {
                if (inside)
                    HarvestInside();
                if (!job.IsFinished)
                    spinner.SpinOnce();
            }

            return true;
        }
        finally
        {
            if (inside)
                Exit();
        }
    }

    private Errno Register(AioJobList list, nint udata)
    {
        if (!_poller.HasAio)
            return Errno.ENOTSUP;
        lock (_gate)
            return _closed ? Errno.EBADF : _lio.Register(list, list.Ident, EventFlags.None, udata);
    }

    /// <inheritdoc/>
    public Errno Submit(AioJob job)
    {
        AioControl control = job.Control;
        if (!_poller.HasAio)
            return Errno.ENOTSUP;
        if ((control.Flags & ~NotificationFlags) != 0)
            return Errno.EINVAL;
        if (control.File is not { IsInvalid: false })
            return Errno.EBADF;
        if (Interlocked.Increment(ref _running) > _poller.MostAio)
            return NotSubmitted(Errno.EAGAIN);
        Errno error = job.TryHold();
        if (error != Errno.None)
            return NotSubmitted(error);
        error = _poller.CheckAio(job);
        bool registered = false;
        if (error == Errno.None)
            error = Register(job, out registered);
        SwitchPoint.Here();
        if (error == Errno.None)
            error = _poller.StartAio(job);
        if (error == Errno.None)
            return error;
        job.LetGo();
        if (registered)
            Unregister(job);
        return NotSubmitted(error);
    }

    private Errno Register(AioJob job, out bool registered)
    {
        registered = false;
        lock (_gate)
        {
            if (_closed)
                return Errno.EBADF;
            Errno error = job.Control.IsSilent ? Errno.None : _aio.Register(job, job.Ident, job.Control.Flags, job.Control.UData);
            if (error != Errno.None)
                return error;
            registered = true;
            if (job.List is not { } list)
                return error;
            list.Running++;
            list.Held++;
            return error;
        }
    }

    private void Unregister(AioJob job)
    {
        lock (_gate)
        {
            _aio.Unregister(job.Ident);
            if (job.List is not { } list)
                return;
            list.Running--;
            list.Held--;
        }
    }

    private Errno NotSubmitted(Errno error)
    {
        Interlocked.Decrement(ref _running);
        return error;
    }

    /// <summary>The last member was submitted: from here on the list can be done.</summary>
    private void ReleaseList(AioJobList list, bool isEmpty)
    {
        bool wake;
        lock (_gate)
        {
            if (_closed)
                return;
            bool done = --list.Running == 0;
            if (isEmpty || (done && list.Held == 0))
                _lio.Unregister(list.Ident);
            else if (done)
                _lio.Posted((nint)list.Ident);
            UpdateExport();
            wake = NeedsWake();
        }

        if (wake)
            _poller.Wake();
    }
}
