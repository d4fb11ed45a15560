using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>Asynchronous operations of a trial.</summary>
internal sealed partial class Trial
{
    /// <summary>Submits: it is begun, or the error is reported, nothing is left of it, and the next attempt begins it.</summary>
    internal BackendAio Submit(TestQueue q, AioControl control)
    {
        int before = q.Queue.KnoteCount;
        BackendAio? aio = null;
        Errno error = Errno.None;
        Faults.Armed(() => aio = q.Queue.SubmitAio(control, out error));
        if (aio is not null)
            return aio;
        Assert.That(IsReported(error) || (Faults.HasHit && error == Errno.EAGAIN), $"{control.Operation} says {error}");
        Assert.That(q.Queue.KnoteCount, Is.EqualTo(before), $"knotes after {control.Operation} said {error}");
        aio = q.Queue.SubmitAio(control, out error);
        Assert.That(error, Is.EqualTo(Errno.None), $"{control.Operation}, again");
        return aio!;
    }

    /// <summary>It ends with this result, or with the error of the call that has failed.</summary>
    internal static bool ExpectEnd(TestQueue q, BackendAio aio, long result)
    {
        KEvent e = ExpectSome(q, e => (e.Ident, e.Filter, e.Flags) == (aio.Ident, EventFilter.Aio, EventFlags.Eof));
        long moved = 0;
        Errno error = Errno.None;
        Faults.Armed(() => moved = aio.Return(out error));
        Assert.That(error, Is.EqualTo((Errno)e.Data), $"aio_return beside {e}");
        Assert.That(error == Errno.None || (Faults.HasHit && error == Faults.Error), $"it ended with {error}");
        Assert.That(moved, Is.EqualTo(error == Errno.None ? result : -1));
        return error == Errno.None;
    }

    /// <summary>Events until there is one; each has to be of this kind.</summary>
    internal static KEvent ExpectSome(TestQueue q, Predicate<KEvent> expected)
    {
        KEvent[] events = new KEvent[64];
        List<KEvent> found = [];
        for (int i = 0; i < 3; i++)
        {
            int count = 0;
            Errno error = Errno.None;
            Faults.Armed(() => count = q.Queue.Kevent([], events, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(1)), null, out error));
            Assert.That(error is Errno.None or Errno.EINTR, $"kevent says {error}");
            found.AddRange(events.AsSpan(0, Math.Max(0, count)));
        }

        for (int i = 0; i < 400 && found.Count == 0; i++)
            found.AddRange(q.Collect(64, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(5))));
        Assert.That(found, Is.Not.Empty, "an event never came");
        Assert.That(found.FindAll(e => !expected(e)), Is.Empty, "came and should not");
        return found[^1];
    }
}
