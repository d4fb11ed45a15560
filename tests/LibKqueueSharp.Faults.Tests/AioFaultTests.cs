using LibKqueueSharp.Emulation;
using LibKqueueSharp.Linux.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>Asynchronous operations for which no thread can be had, and results that the kernel keeps aside.</summary>
internal sealed class AioFaultTests
{
    private readonly byte[] _buffer = new byte[8];

    [Test]
    public void QueueClosedWithoutAThreadFinishesWhatItHasBegun()
    {
        NeedIoUring();
        using Pair pipe = Pair.Pipe();
        TestQueue q = new();
        BackendAio aio = Submit(q, AioOperation.Read, pipe.A);
        Faults.Begin(new Fault("thread", 1, Errno.EAGAIN));
        Faults.Armed(q.Dispose);
        Assert.That(Faults.HasHit);
        pipe.B.Write(6);
        Eventually.Holds(() => aio.Error == Errno.None, "the end");
        Assert.That(aio.Return(out _), Is.EqualTo(6));
    }

    /// <summary>A queue that finishes a write sets another's sync going with its own lock held: it must not want the other's.</summary>
    [Test]
    public void SyncOfAnotherQueueThatFindsNoThreadLocksNobodyUp()
    {
        NeedIoUring();
        using TempDirectory temp = new();
        using Fd file = temp.File("f", 8);
        TestQueue writing = new();
        TestQueue syncing = new();
        Eventually.Holds(() => !ThreadNames().Any(n => n.StartsWith("kq-aio", StringComparison.Ordinal)), "the end of earlier threads");
        BackendAio write = Submit(writing, AioOperation.Write, file);
        BackendAio sync = Submit(syncing, AioOperation.Sync, file);
        Faults.Begin(new Fault("thread", 1, Errno.EAGAIN));
        Faults.Armed(() =>
        {
            using ManualResetEventSlim holds = new();
            using TestThread other = new(() => ((EmulatedQueue)syncing.Queue).Locked(() =>
            {
                holds.Set();
                Eventually.Holds(() => Faults.HasHit, "the write's end");
                return writing.Queue.KnoteCount >= 0 ? Errno.None : Errno.EINVAL;
            }));
            holds.Wait();
            using TestThread first = new(() => Eventually.Holds(() => write.Error != Errno.EINPROGRESS, "the write"));
            first.Join();
            other.Join();
        });
        Eventually.Holds(() => sync.Error != Errno.EINPROGRESS, "the sync");
        Assert.That((sync.Error, write.Error), Is.EqualTo((Errno.None, Errno.None)));
        writing.Dispose();
        syncing.Dispose();
    }

    /// <summary>What did not fit into the ring comes with the next look, when the one at hand cannot have it.</summary>
    [Test]
    public void ResultsThatTheKernelKeepsAsideComeLater([Values(Errno.EINTR, Errno.EAGAIN, Errno.ENOMEM)] Errno error)
    {
        const int Many = 1100;
        NeedIoUring();
        using TempDirectory temp = new();
        using Fd file = temp.File("f", 8);
        using TestQueue q = new();
        List<BackendAio> all = [];
        for (int i = 0; i < Many; i++)
            all.Add(Submit(q, AioOperation.Read, file));
        Faults.Begin(new Fault("io_uring_enter", 1, error));
        HashSet<nuint> found = [];
        Faults.Armed(() => found.UnionWith(q.Poll(2 * Many).Select(e => e.Ident)));
        Assert.That(Faults.HasHit, $"{found.Count} came at once");
        found.UnionWith(q.Poll(2 * Many).Select(e => e.Ident));
        Assert.That(found, Has.Count.EqualTo(Many));
        Assert.That(all.Select(a => a.Return(out _)), Is.All.EqualTo(8));
        Trial.ExpectSleep(q);
    }

    /// <summary>No kernel says so today; the ring would be out of step with it for good.</summary>
    [Test]
    public void RequestThatWasTakenIsUnderWayWhateverTheCallSays([Values(Errno.EINTR, Errno.EAGAIN)] Errno error)
    {
        NeedIoUring();
        using TempDirectory temp = new();
        using Fd file = temp.File("f", 8);
        using TestQueue q = new();
        BackendAio? first = null;
        Faults.Begin(new Fault("io_uring_enter, taken", 1, error));
        Faults.Armed(() => first = Submit(q, AioOperation.Read, file));
        Assert.That(Faults.HasHit);
        BackendAio second = Submit(q, AioOperation.Read, file);
        HashSet<nuint> ended = [];
        while (ended.Count < 2)
            ended.UnionWith(q.Wait().Select(e => e.Ident));
        Assert.That(ended, Is.EquivalentTo(new[] { first!.Ident, second.Ident }));
        Assert.That((first.Return(out _), second.Return(out _)), Is.EqualTo((8, 8)));
        q.ExpectNothing();
    }

    private BackendAio Submit(TestQueue q, AioOperation operation, int fd)
    {
        AioControl control = new() { Operation = operation, File = new SafeFileHandle(fd, ownsHandle: false), Buffer = _buffer };
        BackendAio? aio = q.Queue.SubmitAio(control, out Errno error);
        Assert.That(error, Is.EqualTo(Errno.None));
        return aio!;
    }

    private static IEnumerable<string> ThreadNames() =>
        Directory.GetDirectories("/proc/self/task").Select(t => File.Exists(t + "/comm") ? File.ReadAllText(t + "/comm") : "");

    private static void NeedIoUring()
    {
        if (!Uring.IsAllowed)
            Assert.Inconclusive("io_uring is not allowed to this process");
    }
}
