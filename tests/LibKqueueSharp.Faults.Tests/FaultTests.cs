using System.Diagnostics;
using LibKqueueSharp.Linux.Tests.Support;
using NUnit.Framework.Internal;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>Each system call of each scenario fails once, with each error it may have (docs/decisions/0010-faults.md).</summary>
[TestFixture]
internal sealed class FaultTests
{
    /// <summary>The process connector tells what the whole machine does.</summary>
    private const int MostCalls = 60;

    /// <summary>The threads of asynchronous I/O, and the descriptor that wakes them, stay for a second or two after the last operation.</summary>
    private static readonly TimeSpan s_lifeOfAThread = TimeSpan.FromSeconds(10);

    private static IEnumerable<string> Names => Scenarios.All.Select(s => s.Name).Where(n => n != Scenarios.Overflow);

    [TestCaseSource(nameof(Names))]
    public void EachCallFailsOnce(string name)
    {
        Action<Trial> scenario = Scenarios.All.Concat(Scenarios.OfMounts).Concat(Scenarios.OfBlockedSignals).First(s => s.Name == name).Run;
        using IDisposable? kept = Scenarios.KeepThreadFor(name);
        Assert.That(Failure(scenario, null), Is.Null, "without a fault");
        List<string> failures = [];
        foreach ((string call, int count) in Faults.Counts.ToArray())
        {
            foreach (Errno error in Faults.Plausible[call])
            {
                for (int number = 1; number <= Math.Min(count, MostCalls); number++)
                {
                    Fault fault = new(call, number, error);
                    if (Failure(scenario, fault) is { } failure)
                        failures.Add($"{fault}: {failure}");
                }
            }
        }

        Assert.That(failures, Is.Empty, $"{failures.Count}:\n{string.Join("\n", failures.Take(40))}");
    }

    // poll(2) says EINTR when a signal is pending, also when it does not wait; the runtime itself sends signals to its threads.
    [TestCase("write-Pipe", "poll")]
    [TestCase("read-edge-Pipe", "ioctl")]
    [TestCase("file", "fstat file")]
    public void SignalDuringALookDropsNoRegistration(string scenario, string call) => ExpectNoFailure(scenario, call, Errno.EINTR);

    [Test]
    public void FileThatCannotBeLookedAtKeepsItsRegistration([Values("file", "directory", "vnode-file", "vnode-notes", "vnode-folder")] string scenario) =>
        ExpectNoFailure(scenario, "fstat file", Errno.ENOMEM);

    [TestCase("fstat file", Errno.ENOMEM)]
    [TestCase("inotify_add_watch", Errno.ENOMEM)]
    [TestCase("inotify_add_watch", Errno.ENOSPC)]
    [TestCase("readlink", Errno.ENOMEM)]
    public void OverflowWithoutMemoryLosesNoWatch(string call, Errno error) => ExpectNoFailure(Scenarios.Overflow, call, error);

    [Test]
    public void ReusedNumberThatCannotBeLookedAtIsNotTakenForTheOldFile() => ExpectNoFailure("vnode-reused-number", "fstat file", Errno.ENOMEM);

    [Test]
    public void EndOfAFolderIsSeenWithoutRoomForItsParent(
        [Values("vnode-folder", "vnode-moved-folder")] string scenario, [Values(Errno.ENOMEM, Errno.ENOSPC)] Errno error) =>
        ExpectNoFailure(scenario, "inotify_add_watch", error);

    [Test]
    public void FileOutlivesItsLastNameWithoutRoomForANewWatch([Values(Errno.ENOMEM, Errno.ENOSPC)] Errno error) =>
        ExpectNoFailure("vnode-last-name", "inotify_add_watch", error);

    [Test]
    public void NameThatCannotBeReadIsNotAnotherName([Values(Errno.ENOMEM, Errno.EACCES)] Errno error) =>
        ExpectNoFailure("vnode-last-name", "readlink", error);

    [Test]
    public void FifoWhoseNameCannotBeReadIsNoPipe([Values(Errno.ENOMEM, Errno.EACCES)] Errno error) =>
        ExpectNoFailure("vnode-fifo", "readlink", error);

    [Test]
    public void ChangeOfNotesThatFailsLeavesTheOldOnes([Values("fstat file", "inotify_add_watch")] string call)
    {
        using Trial t = new();
        Fd file = t.Keep(t.Temp.File("f", 1));
        TestQueue q = t.Keep(new TestQueue());
        q.Add(file, EventFilter.Vnode, EventFlags.Clear, (uint)VnodeNotes.Write);
        KEvent change = new((nuint)(int)file, EventFilter.Vnode, EventFlags.Enable, (uint)VnodeNotes.Rename);
        Faults.Begin(new Fault(call, 1, Errno.ENOMEM));
        Errno error = Errno.None;
        Faults.Armed(() => error = q.Try(change));
        Assert.That(error, Is.EqualTo(Errno.ENOMEM));
        file.Write(1);
        Assert.That((VnodeNotes)q.WaitOne().FFlags, Is.EqualTo(VnodeNotes.Write));
    }

    [Test]
    public void RebuildWithoutRoomLosesNoWakeUp([Values(Errno.ENOMEM, Errno.ENOSPC)] Errno error) =>
        ExpectNoFailure("rebuilt", "epoll_ctl ADD", error);

    [Test]
    public void SetThatCannotTakeTheNumberIsGivenUp() => ExpectNoFailure("rebuilt-or-not", "dup3", (Errno)16);

    [Test]
    public void WatchForWhichThereWasNoRoomIsTriedAgain([Values(Errno.ENOMEM, Errno.ENOSPC)] Errno error) =>
        ExpectNoFailure("rebuilt-and-watched", "epoll_ctl ADD", error);

    [Test]
    public void FullUserLimitIsNoMemory() => ExpectNoFailure("shown", "epoll_ctl ADD", Errno.ENOSPC);

    [TestCase("setsockopt", Errno.ENOMEM)]
    [TestCase("bind", Errno.ENOMEM)]
    [TestCase("send", Errno.ENOMEM)]
    [TestCase("epoll_ctl ADD", Errno.ENOSPC)]
    public void ConnectorWithoutMemoryIsNoMissingConnector(string call, Errno error)
    {
        if (!ProcessConnector.IsAvailable())
            Assert.Inconclusive("the process connector is closed here");
        ExpectNoFailure("forks", call, error);
    }

    [Test]
    public void LineOfAZombieThatIsCutOffIsNoStatus() => ExpectNoFailure("exit-of-another's", "read", Faults.Short);

    /// <summary>The id is another's by now, and there is no descriptor left to find out.</summary>
    [Test]
    public void ReusedIdWithoutADescriptorIsNotTakenForTheOldProcess([Values(Errno.EMFILE, Errno.ENOMEM)] Errno without)
    {
        using Trial t = new();
        TestQueue q = t.Keep(new TestQueue());
        for (int attempt = 0; attempt < 50; attempt++)
        {
            Child old = t.Keep(Child.Exiting(3));
            KEvent add = new((nuint)old.Id, EventFilter.Process, EventFlags.Add, (uint)ProcessNotes.Exit);
            q.Apply(add with { Flags = EventFlags.Add | EventFlags.Disable });
            old.Go();
            old.Reap();
            if (!Child.TryReuse(old.Id, out Child? next))
                continue;
            t.Keep(next);
            Faults.Begin(new Fault("pidfd_open", 1, without));
            Errno error = Errno.None;
            Faults.Armed(() => error = q.Try(add));
            Assert.That(error, Is.EqualTo(without));
            q.Apply(add);
            next.Go();
            Assert.That(q.WaitOne().Data, Is.EqualTo(4 << 8));
            return;
        }

        Assert.Inconclusive("no id could be used again");
    }

    private static void ExpectNoFailure(string scenario, string call, Errno error)
    {
        Action<Trial> run = Scenarios.All.First(s => s.Name == scenario).Run;
        int hits = 0;
        for (int number = 1; number == hits + 1; number++)
        {
            Fault fault = new(call, number, error);
            Assert.That(Failure(run, fault), Is.Null, fault.ToString());
            hits += Faults.HasHit ? 1 : 0;
        }

        Assert.That(hits, Is.Positive, $"{call} was never called");
    }

    /// <summary>One try after another would make the queue wake itself for as long as there is no room.</summary>
    [Test]
    public void QueueWithoutRoomForAReplacedSetSleepsAndMissesNothing([Values(Errno.ENOMEM, Errno.ENOSPC)] Errno error)
    {
        using Trial t = new();
        TestQueue inner = t.Keep(new TestQueue());
        TestQueue outer = t.Keep(new TestQueue());
        inner.Add(1, EventFilter.User, EventFlags.Clear);
        outer.AddRead(inner.Number);
        Faults.Begin(null);
        Scenarios.GetRidOfAnOrphan(t, inner);
        Faults.Begin(new Fault("epoll_ctl ADD", 1, error) { Lasts = true });
        for (int i = 0; i < 3; i++)
        {
            Trial.ExpectSleep(outer);
            Assert.That(Faults.HasHit, $"of {Faults.Counts.GetValueOrDefault("epoll_ctl ADD")}");
            inner.Trigger(1);
            KEvent[] events = [];
            Faults.Armed(() => events = outer.Poll());
            Assert.That(events, Is.EqualTo(new[] { Ev.Read(inner.Number, 1) }), "without a wait");
            Faults.Armed(() => events = outer.Poll());
            Assert.That(events, Is.EqualTo(new[] { Ev.Read(inner.Number, 1) }), "it is still there");
            Assert.That(inner.Poll(), Has.Length.EqualTo(1));
            using TestThread sleeper = new(() => Faults.Armed(() => events = outer.Wait()));
            sleeper.AwaitSleep();
            inner.Trigger(1);
            sleeper.Join();
            Assert.That(events, Is.EqualTo(new[] { Ev.Read(inner.Number, 1) }), "to a sleeper");
            Assert.That(inner.Poll(), Has.Length.EqualTo(1));
        }

        outer.ExpectSilence();
        inner.Trigger(1);
        Assert.That(outer.WaitOne(), Is.EqualTo(Ev.Read(inner.Number, 1)), "when there is room again");
        Assert.That(inner.Poll(), Has.Length.EqualTo(1));
        Trial.ExpectSleep(outer);
    }

    /// <summary>One run; what went wrong, or null.</summary>
    internal static string? Failure(Action<Trial> scenario, Fault? fault, bool traced = false)
    {
        int open = Census.Count();
        SortedDictionary<int, string> before = Census.Take();
        Faults.Begin(fault, traced);
        using (new TestExecutionContext.IsolatedContext())
        {
            try
            {
                using Trial trial = new();
                scenario(trial);
                trial.Finish();
            }
            catch (Exception e) when (e is AssertionException or KqueueException or InvalidOperationException or IndexOutOfRangeException or NullReferenceException)
            {
                string at = (e.StackTrace ?? "").Split('\n').FirstOrDefault(l => l.Contains("Scenarios.", StringComparison.Ordinal) && !l.Contains("Expect", StringComparison.Ordinal)) ?? "";
                return $"{e.Message.ReplaceLineEndings(" ")} {at[(at.LastIndexOf('/') + 1)..]}";
            }
        }

        KeyValuePair<int, string>[] left = [];
        long ended = Stopwatch.GetTimestamp();
        do
        {
            left = Census.Count() == open ? [] : [.. Census.Take().Without(before).Where(e => !e.Value.StartsWith("pipe:", StringComparison.Ordinal))];
        }
        while (left.Length != 0 && Stopwatch.GetElapsedTime(ended) < s_lifeOfAThread);
        return left.Length == 0 ? null : $"left open: {string.Join(", ", left)}";
    }
}
