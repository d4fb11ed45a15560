namespace LibKqueueSharp.CAbi;

/// <summary>
/// EVFILT_LIBKQUEUE, the pseudo filter by which programs ask and configure the library itself; numbers and meanings are those of
/// mheily/libkqueue (README, "libkqueue filter"). A change with it registers nothing.
/// </summary>
internal static class Settings
{
    private const EventFilter Number = (EventFilter)(-12);
    private const long ShortestFileInterval = 1_000_000;

    private enum Note : uint
    {
        Version = 1,
        VersionString = 2,
        ThreadSafe = 3,
        ForkCleanup = 4,
        Debug = 5,
        DebugPrefix = 6,
        DebugFunction = 7,
        FilePollInterval = 8,
    }

    internal static bool AnyIn(ReadOnlySpan<KEvent> changes)
    {
        foreach (ref readonly KEvent change in changes)
        {
            if (change.Filter == Number)
                return true;
        }

        return false;
    }

    /// <summary>kevent(2) for a changelist with settings among its changes: one at a time, with the rules of records (CALL-ERR-007).</summary>
    internal static int Kevent(SharedQueue queue, ReadOnlySpan<KEvent> changes, Span<KEvent> events, KeventTimeout timeout, out Errno error)
    {
        int records = 0;
        foreach (ref readonly KEvent given in changes)
        {
            // CALL-ALIAS-001: the record may overwrite the change.
            KEvent change = given;
            bool answers = (change.Flags & EventFlags.Receipt) != 0;
            KEvent record = change;
            if (change.Filter == Number)
            {
                error = Apply(queue, ref record, ref answers);
            }
            else
            {
                error = queue.Apply(change);
                record.Flags |= EventFlags.Error;
                record.Data = 0;
            }

            if (error != Errno.None)
            {
                record.Flags |= EventFlags.Error;
                record.Data = (long)error;
            }
            else if (!answers)
            {
                continue;
            }

            if (records == events.Length)
                return error == Errno.None ? 0 : -1;
            events[records++] = record;
        }

        error = Errno.None;
        return records != 0 || events.IsEmpty ? records : queue.Collect(events, timeout, out error);
    }

    /// <param name="queue">The queue that was given.</param>
    /// <param name="change">The setting; the answer afterwards. What was in force before is in its data.</param>
    /// <param name="answers">There is an answer even if none is asked for.</param>
    private static Errno Apply(SharedQueue queue, ref KEvent change, ref bool answers)
    {
        if ((change.Flags & EventFlags.Add) == 0)
            return Errno.EINVAL;
        bool isOn = change.Data > 0;
        switch ((Note)change.FFlags)
        {
            case Note.Version:
                (change.Data, answers) = (Native.Version(), true);
                return Errno.None;
            case Note.VersionString:
                (change.UData, answers) = (Native.VersionString(), true);
                return Errno.None;
            case Note.ThreadSafe:
                // It always is: what libkqueue saves without its lock costs nothing here.
                change.Data = 1;
                return Errno.None;
            case Note.ForkCleanup:
                change.Data = QueueTable.CleansUpAfterFork ? 1 : 0;
                QueueTable.CleansUpAfterFork = isOn;
                return Errno.None;
            case Note.Debug:
                change.Data = Native.Debug(isOn ? 1 : 0);
                return Errno.None;
            case Note.DebugPrefix:
                if (change.Data is >= 0 and < 65536)
                    return Errno.EFAULT;
                Native.DebugPrefix((nint)change.Data);
                return Errno.None;
            case Note.DebugFunction:
                Native.DebugFunction((nint)change.Data);
                return Errno.None;
            case Note.FilePollInterval:
                return SetFileInterval(queue, ref change);
            default:
                return Errno.EINVAL;
        }
    }

    private static Errno SetFileInterval(SharedQueue queue, ref KEvent change)
    {
        if (change.Data < 0)
            return Errno.EINVAL;
        long before = queue.FileInterval;
        queue.FileInterval = change.Data == 0 ? 0 : Math.Max(ShortestFileInterval, change.Data);
        change.Data = before;
        return Errno.None;
    }
}
