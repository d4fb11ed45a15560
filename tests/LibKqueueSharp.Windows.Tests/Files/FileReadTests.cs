using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Windows.Tests.Files;

/// <summary>EVFILT_READ and EVFILT_WRITE on regular files.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FileReadTests
{
    private readonly Scratch _files = new();
    private readonly TestQueue _kq = new();

    [TearDown]
    public void CleanUp()
    {
        _kq.Dispose();
        _files.Dispose();
    }

    [Test]
    public void LevelIsFromTheOffsetToTheEnd()
    {
        _files.Make("a", 10);
        using FileStream stream = new(_files.Open("a"), FileAccess.Read, 0);
        nuint file = Handle(stream, 4);
        _kq.Add(file, EventFilter.Read);
        Assert.That(_kq.One().Data, Is.EqualTo(6));
        Handle(stream, 9);
        Assert.That(_kq.One().Data, Is.EqualTo(1));
        Handle(stream, 10);
        _kq.Quiet();
        _files.Append("a", 3);
        Assert.That(_kq.One().Data, Is.EqualTo(3));
        Handle(stream, 20);
        Assert.That(_kq.One().Data, Is.EqualTo(-7));
    }

    [Test]
    public void AppendWakesASleeper()
    {
        _files.Make("a", 0);
        nuint file = (nuint)_files.Open("a").DangerousGetHandle();
        _kq.Add(file, EventFilter.Read, EventFlags.Clear);
        _kq.Quiet();
        Task<KEvent> waiter = Task.Run(_kq.One);
        Thread.Sleep(50);
        Assert.That(waiter.IsCompleted, Is.False);
        _files.Append("a", 5);
        Assert.That(waiter.Result.Data, Is.EqualTo(5));
        _kq.Quiet();
        _files.Append("a", 2);
        Assert.That(_kq.One().Data, Is.EqualTo(7));
    }

    [Test]
    public void AtTheEndWithFilePoll()
    {
        _files.Make("a", 0);
        _kq.Add((nuint)_files.Open("a").DangerousGetHandle(), EventFilter.Read, EventFlags.None, (uint)ReadWriteNotes.FilePoll);
        Assert.That(_kq.One().Data, Is.Zero);
        Assert.That(_kq.One().Data, Is.Zero);
    }

    [Test]
    public void AlwaysWritable()
    {
        _files.Make("a");
        _kq.Add((nuint)_files.Open("a", FileAccess.Write).DangerousGetHandle(), EventFilter.Write);
        Assert.That(_kq.One().Data, Is.Zero);
        Assert.That(_kq.One().Data, Is.Zero);
    }

    [Test]
    public void CloseThenReuseNumber()
    {
        _files.Make("a", 10);
        _files.Make("b", 3);
        SafeFileHandle first = _files.Open("a");
        nuint number = (nuint)first.DangerousGetHandle();
        _kq.Add(number, EventFilter.Read);
        first.Dispose();
        SafeFileHandle? second = null;
        for (int i = 0; i < 64 && (nuint?)second?.DangerousGetHandle() != number; i++)
            second = _files.Open("b");
        if ((nuint)second!.DangerousGetHandle() != number)
            Assert.Inconclusive("the number was not given away again");
        Assert.That(_kq.Poll(), Is.Empty, "the old registration");
        Assert.That(_kq.Queue.KnoteCount, Is.Zero);
        _kq.Add(number, EventFilter.Read);
        Assert.That(_kq.One().Data, Is.EqualTo(3));
    }

    [Test]
    public void ReadAndVnodeOfOneHandle()
    {
        _files.Make("a", 0);
        nuint file = (nuint)_files.Open("a").DangerousGetHandle();
        _kq.Add(file, EventFilter.Read);
        _kq.Add(file, EventFilter.Vnode, EventFlags.Clear, (uint)VnodeNotes.Write);
        _kq.Quiet();
        _files.Append("a", 4);
        HashSet<EventFilter> seen = [];
        KEvent[] events = new KEvent[4];
        while (seen.Count < 2)
        {
            int count = _kq.Queue.Wait(events, TestQueue.Patience);
            Assert.That(count, Is.Not.Zero);
            seen.UnionWith(events[..count].Select(e => e.Filter));
        }

        Assert.That(seen, Is.EquivalentTo([EventFilter.Read, EventFilter.Vnode]));
        _kq.Apply(file, EventFilter.Vnode, EventFlags.Delete);
        Assert.That(_kq.One().Data, Is.EqualTo(4));
    }

    /// <summary>The stream's handle, with the file's own offset where the stream's is.</summary>
    private static nuint Handle(FileStream stream, long offset)
    {
        stream.Position = offset;
        return (nuint)stream.SafeFileHandle.DangerousGetHandle();
    }
}
