using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>
/// One run of a scenario, in which one call may fail. Each queue also has a witness of each kind, registered before, which has to deliver
/// afterwards.
/// </summary>
internal sealed partial class Trial : IDisposable
{
    private const int Witness = 4711;

    private readonly Stack<IDisposable> _kept = new();
    private readonly List<(TestQueue Queue, Pair Pipe)> _witnesses = [];
    private TempDirectory? _directory;

    internal TempDirectory Temp => _directory ??= Keep(new TempDirectory());

    internal T Keep<T>(T item)
        where T : IDisposable
    {
        _kept.Push(item);
        return item;
    }

    internal Pair NewPair(PairKind kind) => Keep(Pair.Create(kind));

    /// <summary>A queue whose making may fail: then no queue is there, and the next attempt makes one.</summary>
    internal TestQueue NewQueue(bool witness = true, Dialect? dialect = null, LinuxBackend? backend = null)
    {
        TestQueue q = Keep(AgainUnlessPossible(() => new TestQueue(dialect, backend)));
        if (!witness)
            return q;
        Pair pipe = NewPair(PairKind.Pipe);
        q.Add(Witness, EventFilter.User, EventFlags.Clear);
        q.AddRead(pipe.A);
        _witnesses.Add((q, pipe));
        return q;
    }

    internal int Number(TestQueue q) => AgainUnlessPossible(() => q.Number);

    /// <summary>
    /// EV_ADD: it is registered, or the error is reported and nothing is, and the next one succeeds. What a reused number stood for before is
    /// dropped in any case.
    /// </summary>
    internal void Add(TestQueue q, int ident, EventFilter filter, EventFlags flags = 0, uint fflags = 0, long data = 0, bool reused = false)
    {
        KEvent change = new((nuint)ident, filter, EventFlags.Add | flags, fflags, data);
        int before = q.Queue.KnoteCount;
        Errno error = Errno.None;
        Faults.Armed(() => error = Change(q, change));
        if (error == Errno.None)
            return;
        Assert.That(IsReported(error), $"{change} says {error}");
        Assert.That(
            q.Queue.KnoteCount, reused ? Is.LessThanOrEqualTo(before) : Is.EqualTo(before), $"knotes after {change} said {error}");
        q.Apply(change);
    }

    /// <summary>EV_DELETE: the knote is gone, whether the kernel agrees or not.</summary>
    internal void Delete(TestQueue q, int ident, EventFilter filter)
    {
        int before = q.Queue.KnoteCount;
        Errno error = Errno.None;
        Faults.Armed(() => error = Change(q, new KEvent((nuint)ident, filter, EventFlags.Delete)));
        Assert.That(error == Errno.None || IsReported(error), $"EV_DELETE of {ident} says {error}");
        Assert.That(q.Queue.KnoteCount, Is.EqualTo(before - 1), "knotes after EV_DELETE");
    }

    /// <summary>Another change, which must not fail.</summary>
    internal static void Apply(TestQueue q, int ident, EventFilter filter, EventFlags flags, uint fflags = 0)
    {
        Errno error = Errno.None;
        Faults.Armed(() => error = Change(q, new KEvent((nuint)ident, filter, flags, fflags)));
        Assert.That(error, Is.EqualTo(Errno.None), $"{flags} of {ident}");
    }

    /// <summary>One call of kevent that does not wait long, and the events until all that are expected were there.</summary>
    internal static void Expect(TestQueue q, params KEvent[] expected)
    {
        KEvent[] events = new KEvent[64];
        List<KEvent> found = [];
        for (int i = 0; i < 3; i++)
        {
            int count = 0;
            Errno error = Errno.None;
            KeventTimeout timeout = i != 1 || found.Count != 0 ? KeventTimeout.Zero : KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(1));
            Faults.Armed(() => count = q.Queue.Kevent([], events, timeout, null, out error));
            Assert.That(error is Errno.None or Errno.EINTR, $"kevent says {error}");
            found.AddRange(events.AsSpan(0, Math.Max(0, count)));
        }

        for (int i = 0; i < 400 && !expected.All(found.Contains); i++)
        {
            // A registration that is level-triggered ends each call at once.
            Thread.Sleep(i == 0 ? 0 : 1);
            found.AddRange(q.Collect(64, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(5))));
        }

        Assert.That(expected.Where(e => !found.Contains(e)), Is.Empty, $"never came; there was {string.Join(' ', found.Distinct())}");
        Assert.That(found.Where(e => !expected.Contains(e)), Is.Empty, "came and should not");
    }

    /// <summary>As <see cref="Expect"/>, for notes of one registration, which may come in several events.</summary>
    internal static void ExpectNotes(TestQueue q, int ident, EventFilter filter, uint notes)
    {
        KEvent[] events = new KEvent[64];
        List<KEvent> found = [];
        for (int i = 0; i < 3; i++)
        {
            int count = 0;
            Errno error = Errno.None;
            Faults.Armed(() => count = q.Queue.Kevent([], events, KeventTimeout.Zero, null, out error));
            Assert.That(error is Errno.None or Errno.EINTR, $"kevent says {error}");
            found.AddRange(events.AsSpan(0, Math.Max(0, count)));
        }

        for (int i = 0; i < 400 && Union() != notes; i++)
            found.AddRange(q.Collect(64, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(5))));
        Assert.That(Union(), Is.EqualTo(notes), $"notes of {filter} {ident}; there was {string.Join(' ', found)}");
        Assert.That(found.Where(e => e.Filter != filter || e.Ident != (nuint)ident), Is.Empty, "came and should not");
        uint Union() => found.Aggregate(0u, (all, e) => all | e.FFlags);
    }

    /// <summary>The knote is there no more, and the number can be added again.</summary>
    internal static void ExpectSilence(TestQueue q)
    {
        Expect(q);
        q.ExpectNothing();
    }

    /// <summary>What was registered before still delivers, nothing spins, all can be deleted, and closing leaves nothing behind.</summary>
    internal void Finish()
    {
        foreach ((TestQueue q, Pair pipe) in _witnesses)
        {
            q.Trigger(Witness);
            pipe.B.Write(1);
            KEvent[] wanted = [Ev.Read(pipe.A, 1), new KEvent(Witness, EventFilter.User, EventFlags.Clear)];
            HashSet<KEvent> found = [];
            for (int i = 0; i < 200 && !wanted.All(found.Contains); i++)
                found.UnionWith(q.Collect(64, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(10))));
            Assert.That(wanted.Where(e => !found.Contains(e)), Is.Empty, "what a witness should deliver");
            q.Delete(pipe.A, EventFilter.Read);
            q.Delete(Witness, EventFilter.User);
        }

        foreach (IDisposable item in _kept.OfType<TestQueue>())
            Faults.Armed(item.Dispose);
    }

    /// <summary>With nothing to deliver, a wait of a millisecond asks the kernel a few times at most.</summary>
    internal static void ExpectSleep(TestQueue q)
    {
        int before = Waits();
        KEvent[] events = [];
        Faults.Armed(() => events = q.Collect(64, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(2))));
        Assert.That(events, Is.Empty);
        Assert.That(Waits() - before, Is.LessThan(20), "waits in two milliseconds: the queue spins");
    }

    public void Dispose()
    {
        while (_kept.TryPop(out IDisposable? item))
            item.Dispose();
    }

    private static int Waits() =>
        Faults.Counts.GetValueOrDefault("epoll_wait") + Faults.Counts.GetValueOrDefault("epoll_pwait2");

    private static Errno Change(TestQueue q, KEvent change)
    {
        q.Queue.Kevent([change], [], KeventTimeout.Zero, null, out Errno error);
        return error;
    }

    private static T AgainUnlessPossible<T>(Func<T> make)
    {
        T result = default!;
        try
        {
            Faults.Armed(() => result = make());
            return result;
        }
        catch (KqueueException e)
        {
            Assert.That(IsReported(e.Error), $"the exception says {e.Error}");
            return make();
        }
    }

    /// <summary>The error may be the answer: the fault has come to pass, and this is what BSD calls it.</summary>
    private static bool IsReported(Errno error) =>
        Faults.HasHit && (error is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM || (Faults.Error == Errno.EACCES && error is Errno.EACCES or Errno.ENOTSUP));
}
