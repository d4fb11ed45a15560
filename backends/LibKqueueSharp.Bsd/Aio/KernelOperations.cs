using System.Collections.Concurrent;

namespace LibKqueueSharp.Kernels;

/// <summary>
/// Operations that FreeBSD's kernel does, which tells of their end by SIGEV_KEVENT (aio(4), sigevent(3), aio_aqueue and kern_lio_listio in vfs_aio.c): one call
/// submits and registers. The kernel's idents are addresses, which may be another operation's later; its udata is our ident, which never is, and a mark that tells
/// it from an operation that the program has submitted to the queue by itself.
/// </summary>
internal sealed unsafe class KernelOperations(BsdQueue queue, KqueueAbi abi, KqueueLibrary library, AioCalls calls) : AioOperations
{
    /// <summary>Operations that nobody waits for any more and that were under way when they were looked at last. Guarded by itself.</summary>
    private static readonly List<KernelAioJob> s_orphans = [];

    /// <summary>What was submitted and not returned: jobs and lists by their idents.</summary>
    private readonly ConcurrentDictionary<nuint, object> _sources = new();

    internal override BackendAio? Submit(in AioControl control, out Errno error)
    {
        LookAfterOrphans();
        KernelAioJob job = new(this, calls, control, null);
        error = job.TryHold(library, queue.Number);
        if (error != Errno.None)
            return null;
        _sources[job.Ident] = job;
        error = calls.Submit(control.Operation, job.Block);
        if (error == Errno.None)
            return job;
        _sources.TryRemove(job.Ident, out _);
        job.LetGo();
        return null;
    }

    internal override BackendAioList? SubmitList(ReadOnlySpan<AioControl> controls, nint udata, out Errno error)
    {
        LookAfterOrphans();
        error = Errno.EINVAL;
        if (controls.IsEmpty)
            return null;
        KernelAioList list = new(controls.Length, udata);
        KernelAioJob?[] members = new KernelAioJob?[controls.Length];
        Errno[] errors = new Errno[controls.Length];
        try
        {
            Hold(list, controls, members, errors);
        }
        catch
        {
            LetGo(list, members);
            throw;
        }

        SignalEvent notify = new() { Notify = SignalEvent.SIGEV_KEVENT, Queue = queue.Number, Value = (nint)(FirstLio + list.Ident) };
        error = list.Held == 0 ? Errno.EIO : calls.SubmitList(list.Blocks, controls.Length, &notify);
        if (error is not (Errno.None or Errno.EIO or Errno.EAGAIN))
        {
            LetGo(list, members);
            return null;
        }

        if (error != Errno.None)
            FindRefused(list, members, errors);
        if (Array.TrueForAll(members, m => m is null))
            LetGo(list, members);
        if (Array.Exists(errors, e => e != Errno.None))
            error = Errno.EIO;
        return new BackendAioList(list.Ident, members, errors);
    }

    internal override void ToSystem(in KEvent change, bool keepsUData, ref RawEvent raw)
    {
        if (!_sources.TryGetValue(change.Ident, out object? source))
            return;
        if (source is KernelAioJob job && change.Filter == EventFilter.Aio)
        {
            raw.Ident = (nuint)job.Block;
            raw.UData = (nint)(FirstAio + change.Ident);
            job.UData = keepsUData ? job.UData : change.UData;
        }
        else if (source is KernelAioList list && change.Filter == EventFilter.Lio)
        {
            raw.Ident = (nuint)list.Blocks;
            raw.UData = (nint)(FirstLio + change.Ident);
            list.UData = keepsUData ? list.UData : change.UData;
        }
    }

    internal override bool Owns(in RawEvent raw) => ((nuint)raw.UData & Prefix) switch
    {
        FirstAio => abi.Filters.FromSystem(raw.Filter) == EventFilter.Aio,
        FirstLio => abi.Filters.FromSystem(raw.Filter) == EventFilter.Lio,
        _ => false,
    };

    internal override bool TryFromSystem(in RawEvent raw, ref KEvent e)
    {
        e.Ident = (nuint)((ulong)raw.UData & ~Prefix);
        if (!_sources.TryGetValue(e.Ident, out object? source))
        {
            e.UData = 0;

            // The kernel tells of a list until the last result of its members is taken.
            if (!e.IsRecord)
                LookAfterOrphans();
            return e.IsRecord;
        }

        e.UData = source is KernelAioJob job ? job.UData : ((KernelAioList)source).UData;
        return true;
    }

    internal override void Closed()
    {
        lock (s_orphans)
            s_orphans.AddRange(_sources.Values.OfType<KernelAioJob>());
        foreach (KernelAioList list in _sources.Values.OfType<KernelAioList>())
            list.Free();
        _sources.Clear();
        LookAfterOrphans();
    }

    /// <summary>AIO-004: the result was taken, and the registration is gone with it.</summary>
    internal void Forget(KernelAioJob job)
    {
        _sources.TryRemove(job.Ident, out _);
        if (job.List is { } list)
            Release(list);
    }

    /// <summary>Nobody will ask for the result: the registration is taken back, and what can be cancelled is.</summary>
    internal void Abandon(KernelAioJob job)
    {
        if (_sources.ContainsKey(job.Ident) && !job.Control.IsSilent)
        {
            queue.Apply(new()
            {
                Ident = (nuint)job.Block,
                Filter = abi.Filters.ToSystem(EventFilter.Aio),
                Flags = (uint)EventFlags.Delete,
            });
        }

        Forget(job);
        job.Cancel();
        if (!job.TrySettle())
        {
            lock (s_orphans)
                s_orphans.Add(job);
        }
    }

    /// <summary>Takes the results that nobody waits for any more; with each submission and each closed queue.</summary>
    internal static void LookAfterOrphans()
    {
        KernelAioJob[] orphans;
        lock (s_orphans)
            orphans = [.. s_orphans];
        bool hasSettled = false;

        // Not under the lock: a buffer goes back by its owner's own code.
        foreach (KernelAioJob orphan in orphans)
            hasSettled |= orphan.TrySettle();
        if (!hasSettled)
            return;
        lock (s_orphans)
            s_orphans.RemoveAll(job => job.IsSettled);
    }

    /// <summary>Keeps what each member needs. A sync has no place in a list of lio_listio(2): EINVAL.</summary>
    private void Hold(KernelAioList list, ReadOnlySpan<AioControl> controls, KernelAioJob?[] members, Errno[] errors)
    {
        _sources[list.Ident] = list;
        for (int i = 0; i < controls.Length; i++)
        {
            KernelAioJob job = new(this, calls, controls[i], list);
            errors[i] = controls[i].Operation is AioOperation.Sync or AioOperation.DataSync
                ? Errno.EINVAL
                : job.TryHold(library, queue.Number);
            if (errors[i] != Errno.None)
                continue;
            members[i] = job;
            list.Blocks[i] = job.Block;
            list.Held++;
            list.Unsettled++;
            _sources[job.Ident] = job;
        }
    }

    // EIO, EAGAIN: what was not submitted has its error in its block, and what was may have ended by now, be it with an error.
    private void FindRefused(KernelAioList list, KernelAioJob?[] members, Errno[] errors)
    {
        for (int i = 0; i < members.Length; i++)
        {
            if (members[i] is not { } job || calls.WasSubmitted(job.Block))
                continue;
            Errno error = calls.Error(job.Block);
            errors[i] = error == Errno.None ? Errno.EINVAL : error;
            members[i] = null;
            _sources.TryRemove(job.Ident, out _);
            job.LetGo();
            Interlocked.Decrement(ref list.Held);
            list.Settled();
        }
    }

    private void Release(KernelAioList list)
    {
        if (Interlocked.Decrement(ref list.Held) == 0)
            _sources.TryRemove(list.Ident, out _);
    }

    private void LetGo(KernelAioList list, KernelAioJob?[] members)
    {
        foreach (KernelAioJob? job in members)
        {
            if (job is null)
                continue;
            _sources.TryRemove(job.Ident, out _);
            job.LetGo();
        }

        _sources.TryRemove(list.Ident, out _);
        list.Free();
    }
}
