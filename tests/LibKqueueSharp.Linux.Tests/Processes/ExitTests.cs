using System.Diagnostics;
using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Processes;

/// <summary>NOTE_EXIT: every exit is told once, with its status, and nobody else loses it.</summary>
internal sealed class ExitTests : LinuxFixture
{
    private const EventFlags Over = EventFlags.Clear | EventFlags.Eof | EventFlags.OneShot;
    private const uint Exit = (uint)ProcessNotes.Exit;

    [Test]
    public void StatusOfAnExit([Values(0, 3, 255)] int code)
    {
        Child child = Keep(Child.Exiting(code));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Exit, udata: 7);
        q.ExpectNothing();
        child.Go();
        Assert.That(q.WaitOne(), Is.EqualTo(Exited(child.Id, code << 8, udata: 7)));
        Assert.That(q.TryDelete(child.Id, EventFilter.Process), Is.EqualTo(Errno.ENOENT), "PROC-006");
        Assert.That(child.Reap(), Is.EqualTo(code << 8), "PROC-007");
    }

    [Test]
    public void StatusOfASignal([Values(Signum.SIGKILL, Signum.SIGTERM, Signum.SIGSEGV)] Signum signal)
    {
        Child child = Keep(Child.Exiting(0));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Exit);
        child.Kill(signal);
        KEvent e = q.WaitOne();
        Assert.That(e, Is.EqualTo(Exited(child.Id, child.Reap())));
        Assert.That(e.Data & 0x7f, Is.EqualTo((int)signal), "the low seven bits");
    }

    [Test]
    public void ZombieIsReportedAtOnce()
    {
        Child child = Keep(Child.Zombie(5));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Exit);
        Assert.That(q.Poll(), Is.EqualTo(new[] { Exited(child.Id, 5 << 8) }));
        Assert.That(child.Reap(), Is.EqualTo(5 << 8));
    }

    [Test]
    public void ZombieWithoutNoteExitIsNoProcess([Values(Signum.SIGKILL)] Signum signal)
    {
        Child child = Keep(Child.Exiting(0));
        child.Kill(signal);
        child.WaitDead();
        TestQueue q = NewQueue();
        Assert.That(q.TryAdd(child.Id, EventFilter.Process), Is.EqualTo(Errno.ESRCH));
        foreach (Dialect dialect in (Dialect[])[Dialect.NetBsd, Dialect.OpenBsd, Dialect.MacOs])
        {
            KEvent add = new((nuint)child.Id, EventFilter.Process, EventFlags.Add, Exit);
            Assert.That(NewQueue(dialect).Try(add), Is.EqualTo(Errno.ESRCH), dialect.Name);
        }
    }

    [Test]
    public void ReapedBeforeTheEventIsTaken([Values] bool harvested)
    {
        Child child = Keep(Child.Exiting(6));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, EventFlags.Disable, Exit);
        child.Go();
        child.WaitDead();
        if (harvested)
            q.ExpectNothing();
        Assert.That(child.Reap(), Is.EqualTo(6 << 8));
        q.Apply(new KEvent((nuint)child.Id, EventFilter.Process, EventFlags.Enable, Exit));
        Assert.That(q.Poll(), Is.EqualTo(new[] { Exited(child.Id, harvested ? 6 << 8 : Remembered(6 << 8)) }));
    }

    [Test]
    public void ExitWhileDisabledIsKept()
    {
        Child child = Keep(Child.Exiting(4));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Exit);
        q.Apply(new KEvent((nuint)child.Id, EventFilter.Process, EventFlags.Disable, Exit));
        child.Go();
        child.WaitDead();
        q.ExpectNothing();
        q.Apply(new KEvent((nuint)child.Id, EventFilter.Process, EventFlags.Enable, Exit));
        Assert.That(q.WaitOne(), Is.EqualTo(Exited(child.Id, 4 << 8)));
    }

    [Test]
    public void EveryFlagEndsWithTheExit([Values(EventFlags.None, EventFlags.Clear, EventFlags.OneShot, EventFlags.Dispatch)] EventFlags flags)
    {
        Child child = Keep(Child.Exiting(1));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, flags, Exit);
        child.Go();
        Assert.That(q.WaitOne(), Is.EqualTo(Exited(child.Id, 1 << 8, flags: Over | flags)));
        q.ExpectNothing();
        Assert.That(q.TryDelete(child.Id, EventFilter.Process), Is.EqualTo(Errno.ENOENT));
        Assert.That(q.Queue.DescriptorCount, Is.EqualTo(2), "the pidfd is closed");
    }

    [Test]
    public void UnaskedExit()
    {
        foreach (Dialect dialect in Dialect.All)
        {
            Child child = Keep(Child.Exiting(2));
            TestQueue q = NewQueue(dialect);
            q.Add(child.Id, EventFilter.Process);
            child.Go();
            child.WaitDead();
            KEvent[] events = q.Poll();
            if (dialect == Dialect.NetBsd || dialect == Dialect.OpenBsd)
                Assert.That(events, Is.EqualTo(new[] { Exited(child.Id, 2 << 8, flags: Over | EventFlags.Add, fflags: 0) }), dialect.Name);
            else
                Assert.That(events, Is.Empty, dialect.Name);
            Assert.That(q.TryDelete(child.Id, EventFilter.Process), Is.EqualTo(Errno.ENOENT), dialect.Name);
        }
    }

    [Test]
    public void DeleteIsFinal()
    {
        Child child = Keep(Child.Exiting(0));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Exit);
        child.Go();
        child.WaitDead();
        q.Delete(child.Id, EventFilter.Process);
        q.ExpectSilence();
        Assert.That(q.Queue.DescriptorCount, Is.EqualTo(2));
    }

    [Test]
    public void NoSuchProcess()
    {
        Child gone = Keep(Child.Zombie(0));
        gone.Reap();
        TestQueue q = NewQueue();
        foreach (nuint ident in (nuint[])[(nuint)gone.Id, 0, 4_194_304, int.MaxValue, (nuint)int.MaxValue + 2, nuint.MaxValue])
            Assert.That(q.Try(new KEvent(ident, EventFilter.Process, EventFlags.Add, Exit)), Is.EqualTo(Errno.ESRCH), $"{ident}");
        Assert.That(q.Queue.DescriptorCount, Is.EqualTo(2));
    }

    [Test]
    public void ThreadIsNoProcess()
    {
        int thread = 0;
        using ManualResetEventSlim known = new();
        using ManualResetEventSlim over = new();
        Thread t = new(() =>
        {
            thread = Posix.GetThreadId();
            known.Set();
            over.Wait();
        });
        t.Start();
        known.Wait();
        Assert.That(NewQueue().Try(new KEvent((nuint)thread, EventFilter.Process, EventFlags.Add, Exit)), Is.EqualTo(Errno.ESRCH));
        over.Set();
        t.Join();
    }

    [Test]
    public void StrangersExitAndStatus([Values] bool reapedFirst)
    {
        // The grandchild is the child's to wait for; the shell does so when it is told to.
        Child child = Keep(Child.Start("sleep 1000 & echo $!; read go; wait; echo waited; read end"));
        int stranger = child.ReadNumber();
        TestQueue q = NewQueue();
        q.Add(stranger, EventFilter.Process, 0, Exit);
        q.ExpectNothing();
        Assert.That(Syscall.kill(stranger, Signum.SIGTERM), Is.Zero);
        if (reapedFirst)
        {
            child.Go();
            Assert.That(child.ReadLine(), Is.EqualTo("waited"));
        }

        int status = (int)Signum.SIGTERM;
        Assert.That(q.WaitOne(), Is.EqualTo(Exited(stranger, reapedFirst ? Remembered(status) : status)));
    }

    [Test]
    public void TwoQueuesBothLearnIt()
    {
        Child child = Keep(Child.Exiting(9));
        TestQueue one = NewQueue();
        TestQueue other = NewQueue();
        one.Add(child.Id, EventFilter.Process, 0, Exit);
        other.Add(child.Id, EventFilter.Process, 0, Exit);
        child.Go();
        Assert.That(one.WaitOne(), Is.EqualTo(Exited(child.Id, 9 << 8)));
        Assert.That(other.WaitOne(), Is.EqualTo(Exited(child.Id, 9 << 8)));
    }

    [Test]
    public void DiagnosticsProcessKeepsWorking()
    {
        // The runtime reaps as soon as it learns of the exit: before or after us, both get the right status.
        for (int code = 0; code < 20; code++)
        {
            using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"read go; exit {code}"]) { RedirectStandardInput = true })!;
            TestQueue q = NewQueue();
            q.Add(process.Id, EventFilter.Process, 0, Exit);
            process.StandardInput.WriteLine();
            if (code % 2 == 0)
                process.WaitForExit();
            Assert.That(q.WaitOne(), Is.EqualTo(Exited(process.Id, code << 8)).Or.EqualTo(Exited(process.Id, Remembered(code << 8))));
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.EqualTo(code));
        }
    }

    [Test]
    public void ExecutingAndThreadsAreNoExit()
    {
        Child child = Keep(Child.Start("read go; exec /bin/sh -c 'echo new; read go; exit 3'"));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Exit);
        child.Go();
        Assert.That(child.ReadLine(), Is.EqualTo("new"));
        q.ExpectNothing();
        child.Go();
        Assert.That(q.WaitOne(), Is.EqualTo(Exited(child.Id, 3 << 8)));
    }

    [Test]
    public void ExportedDescriptorIsReadableExactlyWhileAnExitIsPending()
    {
        Child child = Keep(Child.Exiting(0));
        TestQueue q = NewQueue();
        int number = q.Number;
        q.Add(child.Id, EventFilter.Process, 0, Exit);
        Assert.That(Readiness.IsReadable(Readiness.Way.Poll, number), Is.False);
        child.Go();
        Eventually.Holds(() => Readiness.IsReadable(Readiness.Way.Poll, number), "the descriptor's readiness");
        Assert.That(q.Poll(), Has.Length.EqualTo(1));
        Assert.That(Readiness.IsReadable(Readiness.Way.Poll, number), Is.False);
    }

    [Test]
    public void SleeperIsWoken()
    {
        Child child = Keep(Child.Start("read go; exit 1"));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Exit);
        Task<KEvent> waiting = Task.Run(q.WaitOne);
        child.Go();
        Assert.That(waiting.GetAwaiter().GetResult(), Is.EqualTo(Exited(child.Id, 1 << 8)));
    }

    [Test]
    public void StatusOfADump([Values] bool reapedFirst)
    {
        TempDirectory folder = Keep(new TempDirectory());
        Child child = Keep(Child.Start($"cd {folder.Path(".")}; ulimit -c unlimited; read go; kill -ABRT $$; read end"));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Exit);
        child.Go();
        child.WaitDead();
        if (!reapedFirst)
        {
            KEvent e = q.WaitOne();
            Assert.That(e, Is.EqualTo(Exited(child.Id, child.Reap())));
            return;
        }

        int status = child.Reap();
        Assert.That(q.WaitOne(), Is.EqualTo(Exited(child.Id, Remembered(status))));
    }

    [Test]
    public void DeleteRacesWithExit()
    {
        for (int i = 0; i < 200; i++)
        {
            Child child = Keep(Child.Exiting(0));
            TestQueue q = NewQueue();
            q.Add(child.Id, EventFilter.Process, 0, Exit);
            using TestThread ending = new(() => child.Kill(Signum.SIGKILL));
            KEvent[] before = i % 2 == 0 ? q.Poll() : [];
            Errno deleted = q.TryDelete(child.Id, EventFilter.Process);
            ending.Join();
            child.Reap();
            Assert.That(deleted, Is.EqualTo(before.Length == 0 ? Errno.None : Errno.ENOENT));
            q.ExpectNothing();
            Assert.That((q.Queue.KnoteCount, q.Queue.DescriptorCount), Is.EqualTo((0, 2)));
            q.Dispose();
        }
    }

    /// <summary>The first thread ends before another, or another executes a program, after which the first is gone and the other has its number.</summary>
    [TestCase("t = threading.Thread(target=lambda: (sys.stdin.readline(), os._exit(4))); t.start(); ctypes.CDLL(None).pthread_exit(None)")]
    [TestCase("t = threading.Thread(target=lambda: os.execv('/bin/sh', ['sh', '-c', 'echo new; read go; exit 4'])); t.start(); t.join()")]
    public void EndOfTheFirstThreadIsNoExit(string program)
    {
        if (Posix.Access("/usr/bin/python3", 1) != 0)
            Assert.Inconclusive("there is no python3 to make threads with");
        Child child = Keep(Child.Start($"exec /usr/bin/python3 -u -c \"import ctypes, os, sys, threading; print('old'); sys.stdin.readline(); {program}\""));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Exit | (ProcessConnector.IsAvailable() ? (uint)ProcessNotes.Exec : 0));
        q.Poll();
        Assert.That(child.ReadLine(), Is.EqualTo("old"));
        child.Go();
        if (program.Contains("execv", StringComparison.Ordinal))
            Assert.That(child.ReadLine(), Is.EqualTo("new"));
        else
            Eventually.Holds(() => File.ReadAllText($"/proc/{child.Id}/stat").Contains(") Z ", StringComparison.Ordinal), "the end of the first thread");
        Assert.That(q.Collect(8, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(50))).Where(e => (e.FFlags & Exit) != 0), Is.Empty);
        child.Go();
        Eventually.Holds(() => q.Poll().Contains(Exited(child.Id, 4 << 8)), "the exit");
    }

    internal static KEvent Exited(int id, long status, EventFlags flags = Over, uint fflags = Exit, nint udata = 0) =>
        new((nuint)id, EventFilter.Process, flags, fflags, status, udata);

    /// <summary>Before Linux 6.15 the kernel forgets how a reaped process ended: data is 0 then.</summary>
    internal static long Remembered(long status) => Environment.OSVersion.Version >= new Version(6, 15) ? status : 0;
}
