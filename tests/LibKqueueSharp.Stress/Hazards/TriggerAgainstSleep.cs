namespace LibKqueueSharp.Stress.Hazards;

/// <summary>Each trigger wakes a sleeper, and is handed out once: consumers wait without end, so a lost wake-up hangs (THR-006).</summary>
internal sealed class TriggerAgainstSleep : Hazard
{
    internal override void Start(Trial trial)
    {
        Queue q = trial.Own(new Queue());
        Answers answers = trial.Own(new Answers(trial.HalfOfThreads));
        for (int i = 0; i < trial.HalfOfThreads; i++)
            q.Apply((nuint)i, EventFilter.User, EventFlags.Add | EventFlags.Clear);
        trial.Start(trial.HalfOfThreads, producer => answers.Ask(producer, trial, () => q.Trigger((nuint)producer)));
        trial.Start(trial.HalfOfThreads, _ =>
        {
            KEvent[] events = new KEvent[2];
            for (int count; (count = q.Wait(events)) >= 0;)
            {
                foreach (ref readonly KEvent e in events.AsSpan(0, count))
                    answers.Give((int)e.Ident);
            }
        });
        trial.AtEnd(answers.AwaitAll);
        trial.AtEnd(q.Dispose);
    }
}
