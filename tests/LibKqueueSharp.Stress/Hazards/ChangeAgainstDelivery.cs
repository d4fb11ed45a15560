namespace LibKqueueSharp.Stress.Hazards;

/// <summary>A call that began after a change had returned hands out no event with what was there before (CORE-ADD-008, THR-005).</summary>
internal sealed class ChangeAgainstDelivery : Hazard
{
    private const int Sources = 8;

    internal override void Start(Trial trial)
    {
        Queue q = trial.Own(new Queue());
        Versions changed = new(Sources);
        (int Reader, int Writer)[] pipes = [.. Enumerable.Range(0, Sources).Select(_ => trial.Own(new ReadyPipe()).Ends)];
        foreach ((int reader, int _) in pipes)
            q.Apply((nuint)reader, EventFilter.Read, EventFlags.Add);
        Dictionary<nuint, int> indexes = pipes.Select((p, i) => (p.Reader, i)).ToDictionary(p => (nuint)p.Reader, p => p.i);
        int changers = Math.Min(trial.HalfOfThreads, Sources);
        trial.Start(changers, changer =>
        {
            Random random = trial.NewRandom(changer);
            while (!trial.IsOver)
            {
                int source = changer + changers * random.Next((Sources - changer - 1) / changers + 1);
                long next = changed[source] + 1;
                q.Apply((nuint)pipes[source].Reader, EventFilter.Read, EventFlags.Add, udata: (nint)next);
                changed[source] = next;
                trial.Count();
            }
        });
        trial.Start(trial.HalfOfThreads, _ =>
        {
            KEvent[] events = new KEvent[3];
            long[] before = new long[Sources];
            while (!trial.IsOver)
            {
                changed.CopyTo(before);
                int count = q.Wait(events);
                foreach (ref readonly KEvent e in events.AsSpan(0, count))
                {
                    if (e.UData < before[indexes[e.Ident]])
                        trial.Fail($"{e} after udata was {before[indexes[e.Ident]]}");
                }
            }
        });
    }
}
