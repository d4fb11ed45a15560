using System.Globalization;
using System.Runtime.InteropServices;
using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Processes;

/// <summary>Many children, and one number that two processes have.</summary>
/// <remarks><c>KQ_CHILDREN</c> is their number, 2,000 where it is not set.</remarks>
internal sealed class ManyProcessesTests : LinuxFixture
{
    private const uint Exit = (uint)ProcessNotes.Exit;
    private const string LastId = "/proc/sys/kernel/ns_last_pid";

    [Test]
    public void EachOfThousandsOfChildrenIsToldOnce()
    {
        // As many of them as the machine lets one have. Shells fork them, because that is quicker than spawning each, and leave them
        // to this process; a hundred each, because a shell with ten thousand jobs is five times slower. All end at once, with their
        // standard input.
        const int each = 100;
        int shells = int.Parse(Environment.GetEnvironmentVariable("KQ_CHILDREN") ?? "500", CultureInfo.InvariantCulture) / each;
        int wanted = shells * each;
        const string child = "(read go <&3; exit 3) >&- & echo $!";
        HashSet<int> children = [];
        TestQueue q = NewQueue();
        Adopt(true);
        Child shell = Child.Start(
            $"exec 3<&0; i=0; while [ $i -lt {shells} ]; do (j=0; while [ $j -lt {each} ]; do {child}; j=$((j+1)); done) & i=$((i+1)); done; wait");
        try
        {
            while (children.Count < wanted && int.TryParse(shell.ReadLine(), out int id))
                children.Add(id);
            shell.Reap();
            foreach (int id in children)
            {
                Errno error = q.Try(new KEvent((nuint)id, EventFilter.Process, EventFlags.Add, Exit));
                if (error == Errno.EMFILE)
                    break;
                Assert.That(error, Is.EqualTo(Errno.None), $"{id}");
            }

            TestContext.Out.WriteLine($"{children.Count} of {wanted} children");
            int watched = q.Queue.KnoteCount;
            Assert.That(watched, Is.GreaterThanOrEqualTo(100));
            Assert.That(q.Queue.DescriptorCount, Is.EqualTo(2 + watched));
            shell.EndInput();
            HashSet<nuint> told = [];
            while (told.Count < watched)
            {
                foreach (KEvent e in q.Wait())
                {
                    Assert.That(told.Add(e.Ident), $"{e} twice");
                    Assert.That(e, Is.EqualTo(ExitTests.Exited((int)e.Ident, 3 << 8)));
                }
            }

            q.ExpectNothing();
            Assert.That((q.Queue.KnoteCount, q.Queue.DescriptorCount), Is.EqualTo((0, 2)));
            Assert.That(told.Select(ident => (int)ident), Is.SubsetOf(children));
        }
        finally
        {
            Adopt(false);
            shell.Dispose();
            foreach (int id in children)
                Assert.That(Syscall.waitpid(id, out _, 0), Is.EqualTo(id));
        }
    }

    [Test]
    public void ReusedNumberIsAnotherProcess([Values] bool addedBeforeTheEventIsTaken)
    {
        Child first = Keep(Child.Exiting(6));
        TestQueue q = NewQueue();
        q.Add(first.Id, EventFilter.Process, 0, Exit, udata: 1);
        first.Go();
        first.WaitDead();
        first.Reap();
        Child second = Reuse(first.Id);
        if (!addedBeforeTheEventIsTaken)
            Assert.That(q.Poll(), Is.EqualTo(new[] { ExitTests.Exited(first.Id, ExitTests.Remembered(6 << 8), udata: 1) }), "of the first");
        q.Add(second.Id, EventFilter.Process, 0, Exit, udata: 2);
        q.ExpectNothing("the second lives");
        second.Go();
        Assert.That(q.WaitOne(), Is.EqualTo(ExitTests.Exited(second.Id, 7 << 8, udata: 2)));
    }

    /// <summary>prctl(PR_SET_CHILD_SUBREAPER): orphans become children of this process.</summary>
    private static void Adopt(bool orphans)
    {
        int prctl = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 167 : 157;
        Assert.That(Posix.SystemCall(prctl, 36, orphans ? 1 : 0), Is.Zero);
    }

    /// <summary>A process with a number that was another's, by telling the kernel which number it gave last.</summary>
    private Child Reuse(int id)
    {
        for (int i = 0; i < 100; i++)
        {
            try
            {
                File.WriteAllText(LastId, (id - 1).ToString(CultureInfo.InvariantCulture));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Assert.Inconclusive($"{LastId} cannot be written here: {e.Message}");
            }

            Child child = Keep(Child.Exiting(7));
            if (child.Id == id)
                return child;
        }

        Assert.Inconclusive("others were always quicker");
        return null!;
    }
}
