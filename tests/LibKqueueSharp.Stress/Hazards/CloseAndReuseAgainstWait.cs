namespace LibKqueueSharp.Stress.Hazards;

/// <summary>
/// A call that began after close(2) hands out nothing of what was registered under the number, although the number is in use again at once.
/// Some files live on in a duplicate for a while (FD-CLOSE-001, FD-CLOSE-005).
/// </summary>
internal sealed class CloseAndReuseAgainstWait : Hazard
{
    internal override void Start(Trial trial)
    {
        Queue q = trial.Own(new Queue());
        int closers = trial.HalfOfThreads;
        Versions closed = new(closers);
        trial.Start(closers, closer =>
        {
            Random random = trial.NewRandom(closer);
            for (long version = 1; !trial.IsOver; version++)
            {
                (int reader, int writer) = Descriptors.Pipe();
                nint udata = (nint)(version << 8 | (uint)closer);
                EventFlags mode = random.Next(3) switch { 0 => EventFlags.Clear, 1 => EventFlags.Dispatch, _ => EventFlags.None };
                q.Apply((nuint)reader, EventFilter.Read, EventFlags.Add | mode, udata: udata);
                if (random.Next(4) != 0)
                    Descriptors.WriteByte(writer);
                if (random.Next(2) != 0)
                    Thread.SpinWait(random.Next(2_000));
                int duplicate = random.Next(4) == 0 ? Descriptors.Duplicate(reader) : -1;
                Descriptors.Close(reader);

                // While the file lives on, and its number may stand for a file that nobody registered, its events are a named deviation.
                if (duplicate < 0)
                    closed[closer] = version;
                else
                {
                    Descriptors.WriteByte(writer);
                    Thread.SpinWait(random.Next(2_000));
                    Descriptors.Close(duplicate);
                    closed[closer] = version;
                }

                Descriptors.Close(writer);
                trial.Count();
            }
        });
        trial.Start(trial.HalfOfThreads, _ =>
        {
            KEvent[] events = new KEvent[4];
            long[] before = new long[closers];
            while (!trial.IsOver)
            {
                closed.CopyTo(before);
                int count = q.Wait(events, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(1)));
                foreach (ref readonly KEvent e in events.AsSpan(0, count))
                {
                    if (e.UData >> 8 <= before[(int)(e.UData & 0xff)])
                        trial.Fail($"{e} after its number was closed");
                }
            }
        });
    }
}
