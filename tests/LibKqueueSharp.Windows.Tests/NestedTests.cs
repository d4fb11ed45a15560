using System.IO.Pipes;
using System.Runtime.CompilerServices;

namespace LibKqueueSharp.Windows.Tests;

internal sealed class NestedTests
{
    [Test]
    public void QueueInAQueue([Values] bool clear)
    {
        using TestQueue outer = new();
        using TestQueue inner = new();
        inner.Add(1, EventFilter.User, EventFlags.Clear);
        outer.Add(Descriptor(inner), EventFilter.Read, clear ? EventFlags.Clear : EventFlags.None);
        outer.Quiet();
        inner.Queue.Trigger(1);
        Assert.That(outer.One().Data, Is.EqualTo(1));
        if (clear)
            outer.Quiet();
        inner.One();
        outer.Quiet();
        inner.Queue.Trigger(1);
        Assert.That(outer.One().Data, Is.EqualTo(1));
    }

    [Test]
    public void SocketInTheInnerQueue()
    {
        using Pair pair = new();
        using TestQueue outer = new();
        using TestQueue inner = new();
        outer.Add(Descriptor(inner), EventFilter.Read);
        inner.Add(pair.Ident, EventFilter.Read);
        pair.Send(1);
        Assert.That(outer.One().Data, Is.EqualTo(1));
    }

    [Test]
    public void CirclesAreRefused()
    {
        using TestQueue a = new();
        using TestQueue b = new();
        Assert.That(a.Try(Descriptor(a), EventFilter.Read, EventFlags.Add), Is.EqualTo(Errno.EINVAL));
        a.Add(Descriptor(b), EventFilter.Read);
        Assert.That(b.Try(Descriptor(a), EventFilter.Read, EventFlags.Add), Is.EqualTo(Errno.EINVAL));
        a.Apply(Descriptor(b), EventFilter.Read, EventFlags.Delete);
        Assert.That(b.Try(Descriptor(a), EventFilter.Read, EventFlags.Add), Is.EqualTo(Errno.None));
    }

    /// <summary>A look at the outermost queue is one at each on one stack, which is a megabyte or so (any-depth).</summary>
    [Test]
    public void ChainThatIsTooLongIsRefused()
    {
        List<TestQueue> chain = [new TestQueue()];
        try
        {
            chain[0].Add(1, EventFilter.User, EventFlags.Clear);
            Errno error = Errno.None;
            while (error == Errno.None && chain.Count < 200)
            {
                TestQueue outer = new();
                error = outer.Try(Descriptor(chain[^1]), EventFilter.Read, EventFlags.Add);
                chain.Add(outer);
            }

            Assert.That((error, chain.Count), Is.EqualTo((Errno.EINVAL, 17)));
            chain[^2].Quiet();
            chain[0].Queue.Trigger(1);
            Assert.That(chain[^2].One().Data, Is.EqualTo(1));

            // Seen from its other end, and in the middle.
            using TestQueue inner = new();
            Assert.That(chain[0].Try(Descriptor(inner), EventFilter.Read, EventFlags.Add), Is.EqualTo(Errno.EINVAL));
            Assert.That(chain[10].Try(Descriptor(inner), EventFilter.Read, EventFlags.Add), Is.EqualTo(Errno.None));
        }
        finally
        {
            chain.ForEach(kq => kq.Dispose());
        }
    }

    [Test]
    public void QueuesThatNobodyDisposesOfAreCollected()
    {
        WeakReference[] queues = Nested();
        for (int i = 0; i < 10 && queues.Any(q => q.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(queues.Select(q => q.IsAlive), Is.All.False);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Nested()
    {
        TestQueue outer = new();
        TestQueue inner = new();
        outer.Add(Descriptor(inner), EventFilter.Read);
        outer.Quiet();
        return [new(outer.Queue), new(inner.Queue)];
    }

    [Test]
    public void InnerQueueIsClosed()
    {
        using TestQueue outer = new();
        using (TestQueue inner = new())
            outer.Add(Descriptor(inner), EventFilter.Read);
        outer.Quiet();
        Assert.That(outer.Queue.KnoteCount, Is.Zero);
    }

    /// <summary>Handles are used again at once, also by another queue.</summary>
    [Test]
    public void AnotherQueueHasTheHandleOfTheInnerOne()
    {
        List<TestQueue> queues = [];
        try
        {
            (TestQueue outer, TestQueue other) = Succeed(queues, WatchAndCloseQueue);
            nuint ident = Descriptor(other);
            Assert.That(outer.Try(ident, EventFilter.Read, EventFlags.Disable), Is.EqualTo(Errno.ENOENT).Or.EqualTo(Errno.EBADF));
            outer.Add(ident, EventFilter.Read);
            other.Add(1, EventFilter.User);
            other.Queue.Trigger(1);
            Assert.That(outer.One().Data, Is.EqualTo(1));
        }
        finally
        {
            queues.ForEach(kq => kq.Dispose());
        }
    }

    /// <summary>What was registered of a socket or pipe with another filter goes, and takes nothing with it when its closing is heard of.</summary>
    [Test]
    public void QueueHasTheHandleOfWhatWasWatchedForWriting([Values] bool pipe, [Values] bool disabled)
    {
        List<TestQueue> queues = [];
        try
        {
            (TestQueue outer, TestQueue other) = Succeed(queues, kq => pipe ? WatchAndClosePipe(kq, disabled) : WatchAndCloseSocket(kq, disabled));
            outer.Add(Descriptor(other), EventFilter.Read);
            Assert.That(outer.Queue.KnoteCount, Is.EqualTo(1));
            outer.Quiet();
            other.Add(1, EventFilter.User);
            other.Queue.Trigger(1);
            Assert.That(outer.One().Filter, Is.EqualTo(EventFilter.Read));
            Assert.That(outer.Queue.KnoteCount, Is.EqualTo(1));
        }
        finally
        {
            queues.ForEach(kq => kq.Dispose());
        }
    }

    /// <summary>A queue that watches what is closed, and one whose descriptor has its number. Another thread of the process may take that first.</summary>
    private static (TestQueue Outer, TestQueue Other) Succeed(List<TestQueue> queues, Func<TestQueue, nuint> watchAndClose)
    {
        for (int i = 0; i < 10; i++)
        {
            // Each has its port by now, and takes one handle more.
            List<TestQueue> others = [.. Enumerable.Range(0, 50).Select(_ => new TestQueue())];
            TestQueue outer = new();
            queues.Add(outer);
            queues.AddRange(others);
            nuint ident = watchAndClose(outer);
            if (others.Find(kq => Descriptor(kq) == ident) is { } other)
                return (outer, other);
        }

        throw new AssertionException("the number is not used again");
    }

    private static nuint WatchAndCloseQueue(TestQueue kq)
    {
        using TestQueue inner = new();
        kq.Add(Descriptor(inner), EventFilter.Read);
        return Descriptor(inner);
    }

    private static nuint WatchAndCloseSocket(TestQueue kq, bool disabled)
    {
        using Pair pair = new();
        kq.Add(pair.Ident, EventFilter.Write, disabled ? EventFlags.Disable : EventFlags.None);
        return pair.Ident;
    }

    private static nuint WatchAndClosePipe(TestQueue kq, bool disabled)
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        nuint ident = (nuint)writer.SafePipeHandle.DangerousGetHandle();
        kq.Add(ident, EventFilter.Write, disabled ? EventFlags.Disable : EventFlags.None);
        return ident;
    }

    private static nuint Descriptor(TestQueue kq) => (nuint)kq.Queue.Descriptor.DangerousGetHandle();
}
