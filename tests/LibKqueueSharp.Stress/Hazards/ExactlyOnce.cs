namespace LibKqueueSharp.Stress.Hazards;

/// <summary>
/// A byte in a pipe whose registration has EV_CLEAR, EV_ONESHOT or EV_DISPATCH is announced to one of many threads, once (THR-002).
/// </summary>
internal sealed class ExactlyOnce(EventFlags mode) : Hazard
{
    internal override string Name => $"{nameof(ExactlyOnce)}{mode}";

    internal override void Start(Trial trial)
    {
        Queue q = trial.Own(new Queue());
        int producers = trial.HalfOfThreads;
        Answers answers = trial.Own(new Answers(producers));
        (int Reader, int Writer)[] pipes = new (int, int)[producers];
        for (int i = 0; i < producers; i++)
        {
            pipes[i] = Descriptors.Pipe();
            q.Apply((nuint)pipes[i].Reader, EventFilter.Read, EventFlags.Add | mode, udata: i);
        }

        trial.Start(producers, producer => answers.Ask(producer, trial, () => Descriptors.WriteByte(pipes[producer].Writer)));
        trial.Start(trial.HalfOfThreads, _ =>
        {
            KEvent[] events = new KEvent[2];
            for (int count; (count = q.Wait(events)) >= 0;)
            {
                foreach (ref readonly KEvent e in events.AsSpan(0, count))
                {
                    int read = Descriptors.Read((int)e.Ident);
                    if (read != 1 || e.Data != 1)
                        trial.Fail($"{e}, and {read} bytes were there");
                    if (mode == EventFlags.OneShot)
                        q.Apply(e.Ident, EventFilter.Read, EventFlags.Add | mode, udata: e.UData);
                    else if (mode == EventFlags.Dispatch)
                        q.Apply(e.Ident, EventFilter.Read, EventFlags.Enable, udata: e.UData);
                    answers.Give((int)e.UData);
                }
            }
        });
        trial.AtEnd(answers.AwaitAll);
        trial.AtEnd(q.Dispose);
        trial.Own(new Closing(pipes));
    }

    private sealed class Closing((int Reader, int Writer)[] pipes) : IDisposable
    {
        public void Dispose()
        {
            foreach ((int reader, int writer) in pipes)
            {
                Descriptors.Close(reader);
                Descriptors.Close(writer);
            }
        }
    }
}
