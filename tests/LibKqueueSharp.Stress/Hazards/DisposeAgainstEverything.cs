namespace LibKqueueSharp.Stress.Hazards;

/// <summary>Whatever threads are doing in a queue, Dispose lets them go with EBADF, and nothing stays open (KQ-CLOSE-001).</summary>
internal sealed class DisposeAgainstEverything : Hazard
{
    internal override void Start(Trial trial)
    {
        ReadyPipe pipe = trial.Own(new ReadyPipe());
        Queue outer = trial.Own(new Queue());
        Queue current = new();
        trial.Start(1, _ =>
        {
            Random random = trial.NewRandom(-1);
            while (!trial.IsOver)
            {
                Thread.SpinWait(random.Next(200_000));
                Queue old = Interlocked.Exchange(ref current, new Queue());
                old.Dispose();
                trial.Count();
            }

            // Those who wait in the last one have nobody else who closes it.
            Volatile.Read(ref current).Dispose();
        });
        trial.Start(trial.Threads, user =>
        {
            Random random = trial.NewRandom(user);
            KEvent[] events = new KEvent[4];
            while (!trial.IsOver)
            {
                Queue q = Volatile.Read(ref current);
                while (Use(q, outer, random.Next(7), (nuint)pipe.Ends.Reader, events))
                {
                }
            }
        });
    }

    /// <returns>False once the queue is closed.</returns>
    private static bool Use(Queue q, Queue outer, int what, nuint descriptor, KEvent[] events)
    {
        switch (what)
        {
            case 0:
                return q.Wait(events) >= 0;
            case 1:
                return q.Apply(descriptor, EventFilter.Read, EventFlags.Add | EventFlags.Clear) == Errno.None;
            case 2:
                return q.Try(descriptor, EventFilter.Read, EventFlags.Delete) != Errno.EBADF;
            case 3:
                return q.Apply(1, EventFilter.User, EventFlags.Add | EventFlags.Clear) == Errno.None && q.Trigger(1) != Errno.EBADF;
            case 4:
                return q.Apply(1, EventFilter.Timer, EventFlags.Add) == Errno.None;
            case 5:
                try
                {
                    // Its number may be another's by the time it is used: any answer will do, a hang or a leak will not.
                    outer.Try((nuint)q.Descriptor, EventFilter.Read, EventFlags.Add);
                    return outer.Poll(events) < 0;
                }
                catch (KqueueException e) when (e.Error == Errno.EBADF)
                {
                    return false;
                }

            default:
                return q.Wait(events, KeventTimeout.FromTimeSpan(TimeSpan.FromMicroseconds(50))) >= 0;
        }
    }
}
