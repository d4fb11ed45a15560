namespace LibKqueueSharp.Stress.Hazards;

/// <summary>A trigger in the innermost of three queues is found by who waits in the outermost, each of them (NEST-001).</summary>
internal sealed class NestedQueues : Hazard
{
    internal override void Start(Trial trial)
    {
        Queue outer = trial.Own(new Queue());
        Queue middle = trial.Own(new Queue());
        Queue inner = trial.Own(new Queue());
        int producers = trial.HalfOfThreads;
        Answers answers = trial.Own(new Answers(producers));
        middle.Apply((nuint)inner.Descriptor, EventFilter.Read, EventFlags.Add);
        outer.Apply((nuint)middle.Descriptor, EventFilter.Read, EventFlags.Add);
        for (int i = 0; i < producers; i++)
            inner.Apply((nuint)i, EventFilter.User, EventFlags.Add | EventFlags.Clear);
        trial.Start(producers, producer => answers.Ask(producer, trial, () => inner.Trigger((nuint)producer)));
        trial.Start(trial.HalfOfThreads, _ =>
        {
            KEvent[] events = new KEvent[4];
            while (outer.Wait(events) >= 0)
            {
                if (middle.Poll(events) <= 0)
                    continue;
                int count = inner.Poll(events);
                for (int i = 0; i < count; i++)
                    answers.Give((int)events[i].Ident);
            }
        });
        trial.AtEnd(answers.AwaitAll);
        trial.AtEnd(outer.Dispose);
    }
}
