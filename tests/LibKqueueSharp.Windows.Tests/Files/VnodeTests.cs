using Microsoft.Win32.SafeHandles;
using static LibKqueueSharp.VnodeNotes;

namespace LibKqueueSharp.Windows.Tests.Files;

/// <summary>EVFILT_VNODE on files.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class VnodeTests
{
    private const VnodeNotes All = Delete | Write | Extend | Attributes | Link | Rename;

    private readonly Scratch _files = new();
    private readonly TestQueue _kq = new();

    [TearDown]
    public void CleanUp()
    {
        _kq.Dispose();
        _files.Dispose();
    }

    [Test]
    public void AppendAndOverwrite()
    {
        nuint file = Watch("a");
        _files.Append("a", 1);
        Expect(file, Write | Extend);
        _files.Overwrite("a");
        Expect(file, Write);
        _kq.Quiet();
    }

    [Test]
    public void AttributesAndTimes()
    {
        nuint file = Watch("a");
        File.SetAttributes(_files["a"], FileAttributes.ReadOnly);
        Expect(file, Attributes);
        File.SetAttributes(_files["a"], FileAttributes.Normal);
        Expect(file, Attributes);
        _kq.Quiet();
    }

    [Test]
    public void ShrinkingIsNoExtension()
    {
        nuint file = Watch("a");
        using (SafeFileHandle other = _files.Open("a", FileAccess.ReadWrite))
            RandomAccess.SetLength(other, 0);
        KEvent e = _kq.One();
        Assert.That((VnodeNotes)e.FFlags & (Extend | Attributes), Is.EqualTo(Attributes), TestQueue.Describe([e]));
        Assert.That(e.Ident, Is.EqualTo(file));
    }

    [Test]
    public void RenamedFileIsFollowed()
    {
        nuint file = Watch("a");
        File.Move(_files["a"], _files["b"]);
        Expect(file, Rename);
        _files.Append("b", 1);
        Expect(file, Write | Extend);
        File.Move(_files["b"], _files["c"]);
        Expect(file, Rename);
        _files.Append("c", 1);
        Expect(file, Write | Extend);
        _kq.Quiet();
    }

    [Test]
    public void FileMovedElsewhereIsFollowed()
    {
        Directory.CreateDirectory(_files["sub"]);
        nuint file = Watch("a");
        File.Move(_files["a"], _files["sub\\b"]);
        Expect(file, Rename);
        _files.Append("sub\\b", 1);
        Expect(file, Write | Extend);
    }

    [Test]
    public void RemovedWhileOpen()
    {
        nuint file = Watch("a");
        _files.Remove("a");
        Expect(file, Delete);
        _kq.Quiet();
        Assert.That(_kq.Queue.KnoteCount, Is.EqualTo(1));
    }

    /// <summary>The file is looked at by time, before the record of the removal is read.</summary>
    [Test]
    public void RemovalThatALookFindsIsNoRename()
    {
        using TestQueue kq = new(backend: new WindowsBackend { FileInterval = TimeSpan.FromMilliseconds(1) });
        _files.Make("a");
        nuint file = (nuint)_files.Open("a").DangerousGetHandle();
        kq.Add(file, EventFilter.Vnode, EventFlags.Clear, (uint)All);
        _files.Remove("a");
        Thread.Sleep(10);
        KEvent e = kq.One();
        Assert.That((e.Ident, (VnodeNotes)e.FFlags), Is.EqualTo((file, Delete)), () => TestQueue.Describe([e]));
        kq.Quiet();
    }

    [Test]
    public void WrittenToAfterItsNameWasRemoved()
    {
        _files.Make("a");
        SafeFileHandle open = _files.Open("a", FileAccess.ReadWrite);
        nuint file = Watch(open);
        _files.Remove("a");
        Expect(file, Delete);
        RandomAccess.Write(open, new byte[20], 0);
        Expect(file, Write | Extend);
    }

    [Test]
    public void AnotherFileUnderTheNameOfARemovedOne()
    {
        nuint file = Watch("a");
        _files.Remove("a");
        Expect(file, Delete);
        _files.Make("a", 3);
        _files.Append("a", 3);
        _kq.Quiet();
        nuint next = Watch(_files.Open("a"));
        _files.Append("a", 1);
        Expect(next, Write | Extend);
        _kq.Quiet();
    }

    [Test]
    public void NamesThatComeAndGo()
    {
        nuint file = Watch("a");
        _files.Link("a", "b");
        Expect(file, Link);
        _kq.Quiet();
        _files.Append("b", 1);
        Expect(file, Write | Extend);
        _files.Remove("b");
        Expect(file, Delete);
        _kq.Quiet();
    }

    [Test]
    public void AnotherFileTakesTheName()
    {
        nuint file = Watch("a");
        _files.Make("b", 3);
        _files.Replace("b", "a");
        Expect(file, Delete);
        _kq.Quiet();
    }

    /// <summary>The records of its directory tell of the removal; nobody tells of the write.</summary>
    [Test]
    public void WriteAfterTheLastNameWentIsTold()
    {
        _files.Make("a");
        SafeFileHandle file = _files.Open("a", FileAccess.ReadWrite);
        nuint ident = Watch(file);
        _files.Remove("a");
        RandomAccess.Write(file, "x"u8, 0);
        VnodeNotes notes = default;
        while ((notes & (Delete | Write)) != (Delete | Write))
        {
            KEvent e = _kq.One();
            Assert.That(e.Ident, Is.EqualTo(ident), TestQueue.Describe([e]));
            notes |= (VnodeNotes)e.FFlags;
        }
    }

    /// <summary>By the time the rename is read, its file has the time of the write.</summary>
    [Test]
    public void WriteBehindARenameThatNobodyHasReadIsTold()
    {
        _files.Make("a");
        SafeFileHandle open = _files.Open("a", FileAccess.ReadWrite);
        nuint file = (nuint)open.DangerousGetHandle();
        _kq.Add(file, EventFilter.Vnode, EventFlags.Clear, (uint)Write);
        File.Move(_files["a"], _files["b"]);
        RandomAccess.Write(open, "x"u8, 0);
        Expect(file, Write);
        _files.Remove("b");
        RandomAccess.Write(open, "y"u8, 0);
        Expect(file, Write);
    }

    [Test]
    public void FolderIsReleasedWhenItsLastFileLostItsName()
    {
        Directory.CreateDirectory(_files["sub"]);
        _files.Make("sub\\a");
        int before = _kq.Queue.DescriptorCount;
        nuint file = Watch(_files.Open("sub\\a"));
        Assert.That(_kq.Queue.DescriptorCount, Is.GreaterThan(before));
        _files.Remove("sub\\a");
        Expect(file, Delete);
        Assert.That(_kq.Queue.DescriptorCount, Is.EqualTo(before));
        _kq.Quiet();
    }

    [Test]
    public void EachChangeBeforeACallIsTold()
    {
        nuint file = Watch("a");
        _files.Append("a", 1);
        File.SetAttributes(_files["a"], FileAttributes.ReadOnly);
        File.SetAttributes(_files["a"], FileAttributes.Normal);
        File.Move(_files["a"], _files["b"]);
        Thread.Sleep(100);
        KEvent[] events = new KEvent[4];
        int count = _kq.Queue.Wait(events, TimeSpan.Zero);
        Assert.That(count, Is.EqualTo(1), () => TestQueue.Describe(events));
        Assert.That((events[0].Ident, (VnodeNotes)events[0].FFlags), Is.EqualTo((file, Write | Extend | Attributes | Rename)), () => TestQueue.Describe(events));
        _kq.Quiet();
    }

    /// <summary>CORE-MOD-002, trace vnode_enable_only_flags.</summary>
    [Test]
    public void ChangeCountsByTheNotesOfItsTime()
    {
        nuint file = Watch("a");
        _files.Append("a", 1);
        Thread.Sleep(100);
        _kq.Add(file, EventFilter.Vnode, EventFlags.Clear, (uint)Attributes);
        Expect(file, Write | Extend);
        _files.Append("a", 1);
        _kq.Quiet();
    }

    /// <summary>That <c>b</c> was written is read when <c>b</c> is the name of the watched file.</summary>
    [Test]
    public void RecordsOfWhoHadTheNameBeforeAreNotOfWhoTookIt()
    {
        nuint file = Watch("a");
        _files.Make("b", 3);
        _files.Replace("a", "b");
        Expect(file, Rename);
        _kq.Quiet();
    }

    [Test]
    public void TwoHandlesOfOneFile()
    {
        nuint one = Watch("a");
        using TestQueue other = new();
        nuint two = (nuint)_files.Open("a").DangerousGetHandle();
        _kq.Add(two, EventFilter.Vnode, EventFlags.Clear, (uint)Write);
        other.Add(two, EventFilter.Vnode, EventFlags.Clear, (uint)Write);
        _files.Append("a", 1);
        KEvent[] events = new KEvent[4];
        int count = 0;
        while (count < 2)
        {
            int more = _kq.Queue.Wait(events.AsSpan(count), TestQueue.Patience);
            Assert.That(more, Is.Not.Zero);
            count += more;
        }

        Assert.That(events[..count].Select(e => e.Ident), Is.EquivalentTo([one, two]), () => TestQueue.Describe(events));
        Assert.That(other.One().Ident, Is.EqualTo(two));
    }

    [Test]
    public void OtherFilesOfTheFolderAreSilent()
    {
        Watch("a");
        _files.Make("b");
        _files.Append("b", 1);
        Directory.CreateDirectory(_files["sub"]);
        File.Delete(_files["b"]);
        _kq.Quiet();
    }

    [Test]
    public void CloseThenReuseNumber()
    {
        _files.Make("a");
        _files.Make("b");
        SafeFileHandle first = _files.Open("a");
        nuint file = Watch(first);
        first.Dispose();
        SafeFileHandle? second = null;
        for (int i = 0; i < 64 && (nuint?)second?.DangerousGetHandle() != file; i++)
            second = _files.Open("b");
        if ((nuint)second!.DangerousGetHandle() != file)
            Assert.Inconclusive("the number was not given away again");
        Watch(second);
        _files.Append("a", 1);
        _kq.Quiet();
        _files.Append("b", 1);
        Expect(file, Write | Extend);
        Assert.That(_kq.Queue.KnoteCount, Is.EqualTo(1));
    }

    [Test]
    public void ClosedHandleGoesSilently()
    {
        _files.Make("a");
        SafeFileHandle open = _files.Open("a");
        Watch(open);
        open.Dispose();
        _files.Append("a", 1);
        _kq.Quiet();
        Assert.That(_kq.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void NotesOfUseAreRefused()
    {
        _files.Make("a");
        nuint file = (nuint)_files.Open("a").DangerousGetHandle();
        foreach (VnodeNotes note in (VnodeNotes[])[VnodeNotes.Open, Read, Close, CloseWrite])
        {
            KqueueException e = Assert.Throws<KqueueException>(() => _kq.Add(file, EventFilter.Vnode, EventFlags.None, (uint)(note | Write)))!;
            Assert.That(e.Error, Is.EqualTo(Errno.ENOTSUP), $"{note}");
        }

        Assert.That(_kq.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void FolderIsReleasedWithTheLastRegistration()
    {
        Directory.CreateDirectory(_files["sub"]);
        _files.Make("sub\\a");
        int before = _kq.Queue.DescriptorCount;
        using (SafeFileHandle open = _files.Open("sub\\a"))
        {
            nuint file = Watch(open);
            Assert.That(_kq.Queue.DescriptorCount, Is.GreaterThan(before));
            _kq.Apply(file, EventFilter.Vnode, EventFlags.Delete);
            Assert.That(_kq.Queue.DescriptorCount, Is.EqualTo(before));
        }

        Directory.Delete(_files["sub"], recursive: true);
        Assert.That(Directory.Exists(_files["sub"]), Is.False);
    }

    [Test]
    public void MoreChangesThanTheFolderCanTell()
    {
        nuint file = Watch("a");
        string stem = new('x', 200);
        for (int i = 0; i < 200; i++)
            _files.Make($"{stem}{i}", 0);
        _files.Append("a", 5);
        for (int i = 0; i < 200; i++)
            File.Delete(_files[$"{stem}{i}"]);
        VnodeNotes seen = None();
        while ((seen & Extend) == 0)
            seen |= (VnodeNotes)_kq.One().FFlags;
        Assert.That(seen, Is.EqualTo(Write | Extend));
        _files.Overwrite("a");
        Expect(file, Write);
    }

    /// <summary>The deviation links-elsewhere: by time.</summary>
    [Test]
    public void LinkInAFolderThatIsNotWatchedIsTold()
    {
        Directory.CreateDirectory(_files["folder"]);
        nuint file = Watch("a");
        _files.Link("a", Path.Combine("folder", "b"));
        Expect(file, Link);
        _kq.Quiet();
    }

    [Test]
    public void QueueClosedWhileFoldersAreWatched()
    {
        for (int i = 0; i < 20; i++)
        {
            using TestQueue kq = new();
            _files.Make("a");
            kq.Add((nuint)_files.Open("a").DangerousGetHandle(), EventFilter.Vnode, EventFlags.Clear, (uint)All);
            _files.Append("a", 1);
        }
    }

    private static VnodeNotes None() => default;

    private nuint Watch(string name)
    {
        _files.Make(name);
        return Watch(_files.Open(name));
    }

    private nuint Watch(SafeFileHandle file)
    {
        nuint ident = (nuint)file.DangerousGetHandle();
        _kq.Add(ident, EventFilter.Vnode, EventFlags.Clear, (uint)All);
        return ident;
    }

    private void Expect(nuint file, VnodeNotes notes)
    {
        KEvent e = _kq.One();
        Assert.That((e.Ident, (VnodeNotes)e.FFlags), Is.EqualTo((file, notes)), () => TestQueue.Describe([e]));
    }
}
