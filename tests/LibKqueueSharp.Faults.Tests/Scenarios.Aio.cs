using System.Net.Sockets;
using LibKqueueSharp.Linux.Tests.Support;
using Microsoft.Win32.SafeHandles;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>EVFILT_AIO and EVFILT_LIO, on io_uring and on threads.</summary>
internal static partial class Scenarios
{
    private static readonly LinuxBackend s_onIoUring = new();
    private static readonly LinuxBackend s_onThreads = new() { UsesIoUring = false };

    private static (string Name, Action<Trial> Run)[] OfAio =>
    [
        .. Drivers("aio-file", AioOfAFile),
        .. Drivers("aio-sync", AioSync),
        .. Drivers("aio-pipe", (t, q) => AioOfAStream(t, q, PairKind.Pipe)),
        .. Drivers("aio-socket", (t, q) => AioOfAStream(t, q, PairKind.Tcp)),
        .. Drivers("aio-terminal", (t, q) => AioOfAStream(t, q, PairKind.Terminal)),
        .. Drivers("aio-device", AioOfADevice),
        .. Drivers("aio-polled", AioThatIsPolledFor),
        .. Drivers("aio-list", AioList),
        .. Drivers("aio-cancelled", AioCancelled),
        .. Drivers("aio-abandoned", AioAbandoned),
        .. Drivers("aio-of-an-ended-thread", AioOfAnEndedThread),
        .. Drivers("aio-of-a-closed-queue", AioOfAClosedQueue),
        (WithoutAThreadYet, t => AioOfAStream(t, t.NewQueue(backend: s_onThreads), PairKind.Pipe)),
    ];

    /// <summary>The scenario that begins without the thread that waits for streams.</summary>
    private const string WithoutAThreadYet = "aio-first-threads";

    /// <summary>Keeps that thread, which ends after a second or two without work, from one run to the next.</summary>
    internal static IDisposable? KeepThreadFor(string name) =>
        name.StartsWith("aio-", StringComparison.Ordinal) && name != WithoutAThreadYet ? new EndlessRead() : null;

    private static IEnumerable<(string Name, Action<Trial> Run)> Drivers(string name, Action<Trial, TestQueue> run)
    {
        if (Uring.IsAllowed)
            yield return ($"{name}-io_uring", t => run(t, t.NewQueue(backend: s_onIoUring)));
        yield return ($"{name}-threads", t => run(t, t.NewQueue(backend: s_onThreads)));
    }

    private static void AioOfAFile(Trial t, TestQueue q)
    {
        Fd file = t.Keep(t.Temp.File("f", 4));
        byte[] content = [1, 2, 3, 4, 5, 6];
        bool written = Trial.ExpectEnd(q, t.Submit(q, Aio(AioOperation.Write, file, content, offset: 2)), content.Length);
        byte[] found = written ? content : [0, 0];
        byte[] buffer = new byte[100];
        if (Trial.ExpectEnd(q, t.Submit(q, Aio(AioOperation.Read, file, buffer, offset: 2)), found.Length))
            Assert.That(buffer[..found.Length], Is.EqualTo(found));
        Trial.ExpectSleep(q);
    }

    private static void AioSync(Trial t, TestQueue q)
    {
        Fd file = t.Keep(t.Temp.File("f", 4));
        BackendAio write = t.Submit(q, Aio(AioOperation.Write, file, new byte[1 << 16]) with { IsSilent = true });
        Trial.ExpectEnd(q, t.Submit(q, Aio(AioOperation.Sync, file)), 0);
        Assert.That(write.Error, Is.Not.EqualTo(Errno.EINPROGRESS), "the sync came before the write");
        Trial.ExpectEnd(q, t.Submit(q, Aio(AioOperation.DataSync, file)), 0);
        write.Abandon();
        Trial.ExpectSleep(q);
    }

    private static void AioOfAStream(Trial t, TestQueue q, PairKind kind)
    {
        Pair pair = t.NewPair(kind);
        AioControl wanted = Aio(AioOperation.Read, pair.A, new byte[8]);
        using SafeSocketHandle socket = new(pair.A, ownsHandle: false);
        BackendAio read = t.Submit(q, kind == PairKind.Tcp ? wanted with { File = socket } : wanted);
        Trial.ExpectSilence(q);
        BackendAio write = t.Submit(q, Aio(AioOperation.Write, pair.B, new byte[5]) with { IsSilent = true });
        Eventually.Holds(() => write.Error != Errno.EINPROGRESS, "the write");
        if (write.Error != Errno.None)
            pair.B.Write(5);
        Trial.ExpectEnd(q, read, 5);
        Assert.That(write.Return(out Errno error) == 5 || Faults.HasHit, $"the write says {error}");
        Trial.ExpectSleep(q);
    }

    /// <summary>It has no I/O that does not wait.</summary>
    private static void AioOfADevice(Trial t, TestQueue q)
    {
        Fd zero = t.Keep(Fd.Open("/dev/zero", OpenFlags.O_RDWR));
        Trial.ExpectEnd(q, t.Submit(q, Aio(AioOperation.Read, zero, new byte[7])), 7);
        Trial.ExpectEnd(q, t.Submit(q, Aio(AioOperation.Write, zero, new byte[7])), 7);
    }

    /// <summary>io_uring does not know how to wait for an inotify instance.</summary>
    private static void AioThatIsPolledFor(Trial t, TestQueue q)
    {
        Fd inotify = t.Keep(Fd.Opened(Native.InotifyInit1(Native.IN_CLOEXEC | Native.IN_NONBLOCK)));
        Fd folder = t.Keep(Fd.Open(t.Temp.Path("."), OpenFlags.O_RDONLY));
        Assert.That(Sys.InotifyAdd(inotify, folder, Native.IN_CREATE, out _), Is.EqualTo(Errno.None));
        BackendAio aio = t.Submit(q, Aio(AioOperation.Read, inotify, new byte[512]));
        Trial.ExpectSilence(q);
        t.Keep(t.Temp.File("new", 0));
        Trial.ExpectEnd(q, aio, 32);
    }

    private static void AioList(Trial t, TestQueue q)
    {
        Fd file = t.Keep(t.Temp.File("f", 8));
        AioControl[] controls =
        [
            Aio(AioOperation.Read, file, new byte[4]) with { IsSilent = true },
            Aio(AioOperation.Read, file, new byte[8]) with { IsSilent = true },
        ];
        BackendAioList? list = null;
        Errno error = Errno.None;
        Faults.Armed(() => list = q.Queue.SubmitAioList(controls, 0, out error));
        Assert.That(list, Is.Not.Null, $"lio_listio says {error}");
        Assert.That(error, Faults.HasHit ? Is.AnyOf(Errno.None, Errno.EIO) : Is.EqualTo(Errno.None));
        Eventually.Holds(() => list!.Members.All(m => m is null || m.Error != Errno.EINPROGRESS), "the members");
        Trial.ExpectSome(q, e => (e.Ident, e.Filter) == (list!.Ident, EventFilter.Lio));
        foreach (BackendAio? member in list!.Members)
            member?.Abandon();
        Trial.ExpectSleep(q);
    }

    private static void AioCancelled(Trial t, TestQueue q)
    {
        Pair pipe = t.NewPair(PairKind.Pipe);
        BackendAio aio = t.Submit(q, Aio(AioOperation.Read, pipe.A, new byte[8]));
        Trial.ExpectSilence(q);
        AioCancelResult answer = AioCancelResult.AllDone;
        Faults.Armed(() => answer = aio.Cancel());
        if (answer == AioCancelResult.Canceled)
        {
            Trial.ExpectSome(q, e => e == new KEvent(aio.Ident, EventFilter.Aio, EventFlags.Eof, data: (long)Errno.ECANCELED));
            Assert.That(aio.Return(out Errno error), Is.EqualTo(-1));
            Assert.That(error, Is.EqualTo(Errno.ECANCELED));
            pipe.B.Write(1);
            Assert.That(pipe.A.Readable(), Is.EqualTo(1), "nothing was read");
        }
        else
        {
            Assert.That(Faults.HasHit, $"aio_cancel says {answer}");
            if (answer == AioCancelResult.NotCanceled)
                pipe.B.Write(8);
            Trial.ExpectEnd(q, aio, 8);
        }

        Trial.ExpectSleep(q);
    }

    private static void AioAbandoned(Trial t, TestQueue q)
    {
        Pair pipe = t.NewPair(PairKind.UnixStream);
        BackendAio aio = t.Submit(q, Aio(AioOperation.Read, pipe.A, new byte[8]));
        int before = q.Queue.KnoteCount;
        Faults.Armed(aio.Abandon);
        Assert.That(q.Queue.KnoteCount, Is.EqualTo(before - 1));
        if (Faults.HasHit)
            pipe.B.Write(8);
        Trial.ExpectSilence(q);
        Trial.ExpectSleep(q);
    }

    /// <summary>The kernel takes back what an ended thread has submitted; it is submitted again.</summary>
    private static void AioOfAnEndedThread(Trial t, TestQueue q)
    {
        Pair pipe = t.NewPair(PairKind.Pipe);
        BackendAio aio = null!;
        using (TestThread thread = new(() => aio = t.Submit(q, Aio(AioOperation.Read, pipe.A, new byte[8]))))
            thread.Join();
        for (int i = 0; i < 3; i++)
        {
            Faults.Armed(() => _ = aio.Error);
            Thread.Sleep(1);
        }

        pipe.B.Write(6);
        Trial.ExpectEnd(q, aio, 6);
    }

    private static void AioOfAClosedQueue(Trial t, TestQueue q)
    {
        TestQueue closed = t.NewQueue(witness: false, backend: q.Backend);
        Pair pipe = t.NewPair(PairKind.Pipe);
        BackendAio aio = t.Submit(closed, Aio(AioOperation.Read, pipe.A, new byte[8]));
        Faults.Armed(() =>
        {
            closed.Dispose();
            pipe.B.Write(6);
            Eventually.Holds(() => aio.Error != Errno.EINPROGRESS, "the end");
        });
        Assert.That(aio.Return(out Errno error), error == Errno.None ? Is.EqualTo(6) : Is.EqualTo(-1));
        Assert.That(error == Errno.None || Faults.HasHit, $"it ended with {error}");
    }

    private static AioControl Aio(AioOperation operation, int fd, byte[]? buffer = null, long offset = 0) =>
        new() { Operation = operation, File = new SafeFileHandle(fd, ownsHandle: false), Buffer = buffer, Offset = offset };

    private sealed class EndlessRead : IDisposable
    {
        private readonly Pair _pipe = Pair.Pipe();
        private readonly TestQueue _queue = new(null, s_onThreads);
        private readonly BackendAio _read;

        internal EndlessRead() => _read = _queue.Queue.SubmitAio(Aio(AioOperation.Read, _pipe.A, new byte[1]), out _)!;

        public void Dispose()
        {
            _read.Abandon();
            _queue.Dispose();
            _pipe.Dispose();
        }
    }
}
