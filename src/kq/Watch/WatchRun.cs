using System.Diagnostics;

namespace LibKqueueSharp.Kq.Watch;

/// <summary>Registers what is to be watched and shows its events, until it is told to end or nothing is left.</summary>
/// <param name="queue">The queue.</param>
/// <param name="output">Who is told.</param>
/// <param name="errors">Where a line is written for each refusal.</param>
/// <param name="most">The number of events after which it ends.</param>
/// <param name="duration">The time after which it ends; infinite for none.</param>
internal sealed class WatchRun(Kqueue queue, IWatchOutput output, TextWriter errors, long most, TimeSpan duration)
{
    private const int Room = 16;

    private int _registered;

    /// <summary>Watches.</summary>
    /// <param name="watched">What.</param>
    /// <param name="outputReader">Tells when nobody reads the output any more; null where nobody can tell.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>The exit code: failed when everything was refused.</returns>
    public int Watch(IReadOnlyList<Watched> watched, KEvent? outputReader, CancellationToken stop)
    {
        output.Begin();
        for (int i = 0; i < watched.Count; i++)
            Register(watched[i], udata: i);
        if (_registered == 0)
            return ExitCode.Failed;

        int own = 0;
        if (outputReader is { } registration)
        {
            registration.UData = watched.Count;
            own = queue.TryApply(registration, out Errno error) ? 1 : 0;
            if (error == Errno.EPIPE)
                return ExitCode.Done;
        }

        try
        {
            Show(watched, own, stop);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Done;
        }

        return ExitCode.Done;
    }

    private void Register(Watched watched, nint udata)
    {
        Errno error = watched.Open();
        if (error != Errno.None)
        {
            Refuse(new(watched, watched.Registration, error, null));
            return;
        }

        Refusal? refusal = Register(watched, watched.Registration, udata);
        if (refusal is { Error: Errno.ENOTSUP or Errno.EACCES or Errno.EPERM } && watched.Lesser is { } lesser)
        {
            Refusal? refusalOfLesser = Register(watched, lesser, udata);
            Refuse(refusalOfLesser ?? refusal with { Instead = lesser });
            refusal = refusalOfLesser;
        }
        else if (refusal is not null)
        {
            Refuse(refusal);
        }

        if (refusal is not null)
            return;
        _registered++;
        watched.AfterRegistration();
    }

    private Refusal? Register(Watched watched, KEvent change, nint udata)
    {
        change.UData = udata;
        if (change.Filter == EventFilter.Read && !TellsEndOfFiles)
            change.FFlags &= ~(uint)ReadWriteNotes.FilePoll;
        try
        {
            queue.Apply(change);
            return null;
        }
        catch (KqueueException e)
        {
            return new(watched, change, e.Error, e.Explanation);
        }
    }

    private void Refuse(Refusal refusal)
    {
        errors.WriteLine($"kq: {refusal}");
        output.Refused(refusal);
    }

    private bool TellsEndOfFiles => queue.Backend.Capabilities.Filters.Any(f => f.Filter == EventFilter.Read && f.Notes.Contains("NOTE_FILE_POLL"));

    /// <summary>A kernel does not tell how many registrations a queue holds: there those are counted whose last event came.</summary>
    private bool IsAnythingLeft(int own) => queue.KnoteCount < 0 ? _registered > 0 : queue.KnoteCount > own;

    private void Show(IReadOnlyList<Watched> watched, int own, CancellationToken stop)
    {
        Span<KEvent> events = stackalloc KEvent[Room];
        long start = Stopwatch.GetTimestamp();
        TimeSpan left = duration;
        for (long shown = 0; shown < most && IsAnythingLeft(own);)
        {
            int count = queue.Wait(events[..(int)Math.Min(Room, most - shown)], left, stop);
            foreach (ref readonly KEvent e in events[..count])
            {
                if (e.UData >= watched.Count)
                {
                    if (e.IsEof)
                        return;
                    continue;
                }

                output.Event(watched[(int)e.UData], e);
                if (!watched[(int)e.UData].AfterEvent(queue, e))
                    _registered--;
                shown++;
            }

            left = Left(start);
            if (count == 0 || left == TimeSpan.Zero)
                return;
        }
    }

    private TimeSpan Left(long start)
    {
        if (duration == Timeout.InfiniteTimeSpan)
            return duration;
        TimeSpan left = duration - Stopwatch.GetElapsedTime(start);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
