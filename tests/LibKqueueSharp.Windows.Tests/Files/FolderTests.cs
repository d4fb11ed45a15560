using static LibKqueueSharp.VnodeNotes;

namespace LibKqueueSharp.Windows.Tests.Files;

/// <summary>EVFILT_VNODE on directories.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FolderTests
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
    public void EntriesComeAndGo()
    {
        nuint folder = Watch("sub");
        _files.Make("sub\\x");
        Expect(folder, Write);
        File.Move(_files["sub\\x"], _files["sub\\y"]);
        Expect(folder, Write);
        File.Delete(_files["sub\\y"]);
        Expect(folder, Write);
        _kq.Quiet();
    }

    [Test]
    public void FoldersInside()
    {
        nuint folder = Watch("sub");
        Directory.CreateDirectory(_files["sub\\d"]);
        Expect(folder, Write | Link);
        _files.Make("sub\\d\\x");
        _kq.Quiet();
        Directory.Delete(_files["sub\\d"], recursive: true);
        Expect(folder, Write | Link);
    }

    [Test]
    public void ContentsOfFilesAreNone()
    {
        nuint folder = Watch("sub");
        _files.Make("sub\\x");
        Expect(folder, Write);
        _files.Append("sub\\x", 5);
        _kq.Quiet();
    }

    [Test]
    public void RenamedFolderIsFollowed()
    {
        nuint folder = Watch("sub");
        try
        {
            Directory.Move(_files["sub"], _files["other"]);
        }
        catch (IOException)
        {
            Assert.Ignore("this Windows does not rename an open directory");
        }

        Expect(folder, Rename);
        _files.Make("other\\x");
        Expect(folder, Write);
        _kq.Quiet();
    }

    [Test]
    public void RemovedFolder()
    {
        nuint folder = Watch("sub");
        _files.Remove("sub");
        Expect(folder, Delete);
        _kq.Quiet();
    }

    [Test]
    public void FileInARenamedFolderIsFollowed()
    {
        Directory.CreateDirectory(_files["sub"]);
        _files.Make("sub\\x");
        nuint file = (nuint)_files.Open("sub\\x").DangerousGetHandle();
        _kq.Add(file, EventFilter.Vnode, EventFlags.Clear, (uint)All);
        try
        {
            Directory.Move(_files["sub"], _files["other"]);
        }
        catch (IOException)
        {
            Assert.Ignore("this Windows does not rename a directory with open files");
        }

        _kq.Quiet();
        _files.Append("other\\x", 1);
        Expect(file, Write | Extend);
    }

    private nuint Watch(string name)
    {
        Directory.CreateDirectory(_files[name]);
        nuint ident = (nuint)_files.OpenFolder(name).DangerousGetHandle();
        _kq.Add(ident, EventFilter.Vnode, EventFlags.Clear, (uint)All);
        return ident;
    }

    private void Expect(nuint ident, VnodeNotes notes)
    {
        KEvent e = _kq.One();
        Assert.That((e.Ident, (VnodeNotes)e.FFlags), Is.EqualTo((ident, notes)), () => TestQueue.Describe([e]));
    }
}
