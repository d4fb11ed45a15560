namespace LibKqueueSharp.Stress.Hazards;

/// <summary>Between the return of EV_DISABLE and EV_ENABLE nothing is handed out, and after EV_ENABLE what is there is (CORE-DIS-001).</summary>
internal sealed class DisableAgainstDelivery : Hazard
{
    internal override void Start(Trial trial)
    {
        Queue q = trial.Own(new Queue());
        int sources = trial.HalfOfThreads;

        // Odd while disabled.
        Versions turns = new(sources);
        Versions seen = new(sources);
        ReadyPipe[] pipes = [.. Enumerable.Range(0, sources).Select(_ => trial.Own(new ReadyPipe()))];
        Dictionary<nuint, int> indexes = pipes.Select((p, i) => (p.Ends.Reader, i)).ToDictionary(p => (nuint)p.Reader, p => p.i);
        foreach (ReadyPipe pipe in pipes)
            q.Apply((nuint)pipe.Ends.Reader, EventFilter.Read, EventFlags.Add);
        trial.Start(sources, source =>
        {
            Random random = trial.NewRandom(source);
            nuint ident = (nuint)pipes[source].Ends.Reader;
            while (!trial.IsOver)
            {
                q.Apply(ident, EventFilter.Read, EventFlags.Disable);
                turns[source]++;
                Thread.SpinWait(random.Next(2_000));
                turns[source]++;
                q.Apply(ident, EventFilter.Read, EventFlags.Enable);
                long enabled = turns[source];
                long patience = Environment.TickCount64 + (long)Trial.Patience.TotalMilliseconds;
                while (seen[source] < enabled && !trial.IsOver)
                {
                    Thread.Yield();
                    if (Environment.TickCount64 > patience)
                        trial.Fail($"{source}: nothing was handed out after EV_ENABLE");
                }

                trial.Count();
            }
        });
        trial.Start(trial.HalfOfThreads, _ =>
        {
            KEvent[] events = new KEvent[3];
            long[] before = new long[sources];
            while (!trial.IsOver)
            {
                turns.CopyTo(before);
                int count = q.Wait(events, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(1)));
                foreach (ref readonly KEvent e in events.AsSpan(0, count))
                {
                    int source = indexes[e.Ident];
                    long turn = before[source];
                    if ((turn & 1) != 0 && turns[source] == turn)
                        trial.Fail($"{e} while it was disabled");
                    seen.Raise(source, turn);
                }
            }
        });
    }
}
