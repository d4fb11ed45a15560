using System.Runtime.InteropServices;
using LibKqueueSharp.Linux.Tests.Processes;
using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Deviations;

internal sealed class ProcessDeviations : LinuxFixture
{
    private const uint Exit = (uint)ProcessNotes.Exit;

    [Test, Deviation("descriptor-a-process")]
    public void ProcessTakesADescriptor()
    {
        if (NoDescriptors.AreElsewhere())
            return;
        Child child = Keep(Child.Exiting(0));
        TestQueue q = NewQueue();
        Assert.That(NoDescriptors.While(() => q.TryAdd(child.Id, EventFilter.Process)), Is.EqualTo(Errno.EMFILE));
        Assert.That(q.Queue.KnoteCount, Is.Zero);
        q.Add(child.Id, EventFilter.Process, 0, Exit);
        Assert.That(q.Queue.DescriptorCount, Is.EqualTo(3));
    }

    [Test, Deviation("pidfd-is-readable")]
    public void ReadTakesAPidFd()
    {
        Child child = Keep(Child.Exiting(0));
        Fd pidfd = Keep(ProcDescTests.Open(child.Id));
        TestQueue q = NewQueue();
        q.AddRead(pidfd);
        q.ExpectNothing();
        child.Go();
        Assert.That(q.WaitOne().Filter, Is.EqualTo(EventFilter.Read));
    }

    [Test, Deviation("macos-process-notes")]
    public void NotesOfMacOsAreSilent()
    {
        const uint noteSignal = 0x0800_0000;
        const uint noteReap = 0x1000_0000;
        Child child = Keep(Child.Start("trap 'echo trapped' USR1; echo ready; read go; read go; exit 3"));
        Assert.That(child.ReadLine(), Is.EqualTo("ready"));
        TestQueue q = NewQueue(Dialect.MacOs);
        q.Add(child.Id, EventFilter.Process, 0, noteSignal | noteReap);
        child.Kill(Signum.SIGUSR1);
        Assert.That(child.ReadLine(), Is.EqualTo("trapped"));
        q.ExpectNothing();
        child.Kill(Signum.SIGKILL);
        child.Reap();
        q.ExpectSilence();
    }

    [Test, Deviation("others-are-watched")]
    public void AnotherUsersProcessIsWatched([ValueSource(typeof(Dialect), nameof(Dialect.All))] Dialect dialect)
    {
        if (Syscall.geteuid() != 0)
            Assert.Inconclusive("only root can become another user");
        Child child = Keep(Child.Exiting(0));
        TestQueue q = NewQueue(dialect);
        (bool maySignal, Errno error) = (true, Errno.ENOENT);
        Thread other = new(() =>
        {
            // The bare system call changes this thread alone, which ends with the test.
            const int nobody = 65534;
            int number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 145 : 113;
            if (Posix.SystemCall(number, nobody, nobody) != 0)
                return;
            maySignal = Syscall.kill(child.Id, 0) == 0;
            error = q.TryAdd(child.Id, EventFilter.Process);
        });
        other.Start();
        other.Join();
        Assert.That((maySignal, error), Is.EqualTo((false, Errno.None)));
    }

    [Test, Deviation("status-of-others")]
    public void StatusOfAnotherUsersZombieIsUnknown()
    {
        if (Syscall.geteuid() != 0)
            Assert.Inconclusive("only root can become another user");
        Child child = Keep(Child.Start("sleep 1000 & echo $!; read go; wait; read end"));
        int stranger = child.ReadNumber();
        TestQueue q = NewQueue();
        KEvent[] events = [];
        Thread other = new(() =>
        {
            // The bare system call changes this thread alone, which ends with the test.
            int number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 145 : 113;
            if (Posix.SystemCall(number, -1, 65534) == 0)
                events = q.Collect(8, KeventTimeout.FromTimeSpan(Eventually.Limit));
        });
        q.Add(stranger, EventFilter.Process, 0, Exit);
        other.Start();
        Assert.That(Syscall.kill(stranger, Signum.SIGTERM), Is.Zero);
        other.Join();
        Assert.That(events, Is.EqualTo(new[] { ExitTests.Exited(stranger, 0) }));
    }
}
