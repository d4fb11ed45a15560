using System.Collections.Concurrent;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests.Aio;

/// <summary>Submitting, ending, cancelling, letting go and closing at the same time: each operation ends once, and no buffer stays pinned.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class AioRaceTests(bool usesIoUring) : AioFixture(usesIoUring)
{
    private const int Rounds = 300;

    [Test]
    public void CancellationAgainstTheEnd()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        using CountedBuffer buffer = new(1);
        Random random = Random.Shared;
        int cancelled = 0;
        for (int i = 0; i < Rounds; i++)
        {
            BackendAio aio = Submit(q, Read(pipe.A, buffer.Memory));
            using Start start = new();
            using TestThread writer = new(() =>
            {
                start.Pass(random.Next(2000));
                pipe.B.Write(1);
            });
            start.Pass(random.Next(300_000));
            AioCancelResult answer = aio.Cancel();
            writer.Join();
            KEvent e = q.WaitOne();
            bool isCancelled = e.Data == (long)Errno.ECANCELED;
            Assert.That(e, Is.EqualTo(Done(aio, isCancelled ? Errno.ECANCELED : Errno.None)));
            Assert.That(answer, isCancelled ? Is.EqualTo(AioCancelResult.Canceled) : Is.Not.EqualTo(AioCancelResult.Canceled), $"round {i}");
            ExpectResult(aio, isCancelled ? -1 : 1, (Errno)e.Data);
            Assert.That(buffer.Pins, Is.Zero);
            Assert.That(pipe.A.Drain(), Is.EqualTo(isCancelled ? 1 : 0), "a cancelled read has read nothing");
            cancelled += isCancelled ? 1 : 0;
        }

        TestContext.Out.WriteLine($"{cancelled} of {Rounds} were cancelled");
    }

    /// <summary>What an ended thread has submitted is submitted again, by who looks at the queue: in between the kernel knows nothing of it.</summary>
    [Test]
    public void CancellationAgainstTheNextSubmission()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        Random random = Random.Shared;
        for (int i = 0; i < Rounds; i++)
        {
            BackendAio aio = null!;
            using (TestThread submitter = new(() => aio = Submit(q, Read(pipe.A, new byte[1]))))
                submitter.Join();
            using Start start = new();
            using TestThread looker = new(() =>
            {
                start.Pass(random.Next(200));
                _ = aio.Error;
            });
            start.Pass(random.Next(400));
            Assert.That(aio.Cancel(), Is.EqualTo(AioCancelResult.Canceled), $"round {i}");
            looker.Join();
            Assert.That(q.WaitOne(), Is.EqualTo(Done(aio, Errno.ECANCELED)));
            ExpectResult(aio, -1, Errno.ECANCELED);
        }
    }

    [Test]
    public void LettingGoAgainstTheEnd()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        using CountedBuffer buffer = new(1);
        for (int i = 0; i < Rounds; i++)
        {
            BackendAio aio = Submit(q, Read(pipe.A, buffer.Memory));
            using TestThread writer = new(() => pipe.B.Write(1));
            aio.Abandon();
            q.ExpectNothing("nothing comes after it has returned");
            writer.Join();
            Eventually.Holds(() => buffer.Pins == 0, "the end");
            pipe.A.Drain();
        }

        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void ClosingAgainstEverything()
    {
        Pair pipe = NewPipe();
        Fd file = NumberedFile(4096);
        using CountedBuffer buffer = new(64);
        for (int i = 0; i < Rounds / 20; i++)
        {
            TestQueue q = new(null, Backend);
            ConcurrentBag<BackendAio> begun = [];
            TestThread[] threads = TestThread.Start(3, n =>
            {
                for (int k = 0; k < 300; k++)
                {
                    AioControl control = (k % 4) switch
                    {
                        0 => Read(pipe.A, buffer.Memory),
                        1 => Write(file, buffer.Memory, 64 * n),
                        2 => Sync(file),
                        _ => Read(file, buffer.Memory, 64 * n),
                    };
                    if (q.Queue.SubmitAio(control, out Errno error) is not { } aio)
                    {
                        Assert.That(error, Is.EqualTo(Errno.EBADF));
                        return;
                    }

                    begun.Add(aio);
                    if (k % 3 == 0)
                        aio.Cancel();
                    else if (k % 3 == 1)
                        q.Queue.Kevent([], new KEvent[8], KeventTimeout.Zero, null, out _);
                }
            });
            Thread.Sleep(i % 5);
            q.Dispose();
            TestThread.JoinAll(threads);
            foreach (BackendAio aio in begun)
                aio.Abandon();
            Eventually.Holds(() => buffer.Pins == 0, () => $"the end of {buffer.Pins} operations of {begun.Count}, round {i}");
        }
    }

    [Test]
    public void ManyThreadsTakeWhatManyThreadsSubmit()
    {
        const int Each = 400;
        TestQueue q = NewQueue();
        Pair pair = NewPair(PairKind.UnixStream);
        Fd file = NumberedFile(4096);
        using CountedBuffer buffer = new(64);
        ConcurrentDictionary<nuint, BackendAio> running = [];
        int taken = 0;
        TestThread[] submitters = TestThread.Start(3, n =>
        {
            for (int k = 0; k < Each; k++)
            {
                AioControl control = (k % 3) switch
                {
                    0 => Read(pair.A, buffer.Memory[..1]),
                    1 => Write(pair.B, buffer.Memory[..1]),
                    _ => Read(file, buffer.Memory, k),
                };
                BackendAio aio = Submit(q, control with { Flags = EventFlags.OneShot });
                running.TryAdd(aio.Ident, aio);
                if (k % 50 == 7)
                    aio.Cancel();
            }
        });
        TestThread[] takers = TestThread.Start(3, _ =>
        {
            KEvent[] events = new KEvent[16];
            while (Volatile.Read(ref taken) < 3 * Each)
            {
                int count = q.Queue.Kevent([], events, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(50)), null, out Errno error);
                Assert.That(error, Is.AnyOf(Errno.None, Errno.EINTR));
                foreach (KEvent e in events.AsSpan(0, Math.Max(0, count)))
                {
                    BackendAio? aio = null;
                    Eventually.Holds(() => running.TryRemove(e.Ident, out aio), () => $"{e} is of a running operation");
                    aio!.Return(out Errno outcome);
                    Assert.That(outcome, Is.EqualTo((Errno)e.Data));
                    Interlocked.Increment(ref taken);
                }

                // Cancelled writes leave reads behind, and cancelled reads writes that find no room.
                if (count == 0)
                {
                    pair.A.TryRead(new byte[4096]);
                    pair.B.TryWrite(new byte[64]);
                }
            }
        });
        TestThread.JoinAll(submitters);
        TestThread.JoinAll(takers);
        Assert.That((q.Queue.KnoteCount, buffer.Pins), Is.EqualTo((0, 0)));
    }

    /// <summary>Two threads go on from here at nearly the same time.</summary>
    private sealed class Start : IDisposable
    {
        private readonly Barrier _barrier = new(2);

        internal void Pass(int spins)
        {
            _barrier.SignalAndWait();
            Thread.SpinWait(spins);
        }

        public void Dispose() => _barrier.Dispose();
    }
}
