namespace LibKqueueSharp.Stress.Hazards;

/// <summary>A call that began after EV_DELETE had returned hands out no event of the deleted registration (CORE-DEL-002, THR-007).</summary>
internal sealed class DeleteAgainstDelivery : Hazard
{
    internal override void Start(Trial trial)
    {
        Queue q = trial.Own(new Queue());
        int deleters = trial.HalfOfThreads;
        Versions deleted = new(deleters);
        ReadyPipe[] pipes = [.. Enumerable.Range(0, deleters).Select(_ => trial.Own(new ReadyPipe()))];
        trial.Start(deleters, deleter =>
        {
            Random random = trial.NewRandom(deleter);
            for (long version = 1; !trial.IsOver; version++)
            {
                // The same source by turns as a descriptor and as a user event, level-triggered or not.
                EventFilter filter = random.Next(2) == 0 ? EventFilter.Read : EventFilter.User;
                nuint ident = filter == EventFilter.Read ? (nuint)pipes[deleter].Ends.Reader : (nuint)deleter;
                EventFlags mode = random.Next(2) == 0 ? EventFlags.Clear : EventFlags.None;
                nint udata = (nint)(version << 8 | (uint)deleter);
                q.Apply(ident, filter, EventFlags.Add | mode, udata: udata);
                if (filter == EventFilter.User)
                    q.Apply(ident, filter, EventFlags.KeepUData, (uint)UserNotes.Trigger);
                if (random.Next(4) != 0)
                    Thread.SpinWait(random.Next(3_000));
                q.Apply(ident, filter, EventFlags.Delete);
                deleted[deleter] = version;
                trial.Count();
            }
        });
        trial.Start(trial.HalfOfThreads, _ =>
        {
            KEvent[] events = new KEvent[4];
            long[] before = new long[deleters];
            while (!trial.IsOver)
            {
                deleted.CopyTo(before);
                int count = q.Wait(events, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(1)));
                foreach (ref readonly KEvent e in events.AsSpan(0, count))
                {
                    if (e.UData >> 8 <= before[(int)(e.UData & 0xff)])
                        trial.Fail($"{e} after it was deleted");
                }
            }
        });
    }
}
