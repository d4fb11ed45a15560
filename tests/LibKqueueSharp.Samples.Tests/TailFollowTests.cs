namespace LibKqueueSharp.Samples.Tests;

[Platform("Linux")]
public sealed class TailFollowTests
{
    private DirectoryInfo _directory = null!;

    [SetUp]
    public void Create() => _directory = Directory.CreateTempSubdirectory("tail-follow-");

    [TearDown]
    public void Remove() => _directory.Delete(recursive: true);

    [Test]
    public void AppendedLinesOfManyFilesAreShownUnderTheirNames()
    {
        string[] paths = [.. Enumerable.Range(0, 50).Select(i => Path.Combine(_directory.FullName, $"log{i}"))];
        foreach (string path in paths)
            File.WriteAllText(path, "old\n");
        using Sample tail = Follow(paths);
        foreach (string path in paths)
        {
            File.AppendAllText(path, $"new in {path}\n");
            Assert.That(tail.Take(_ => true), Is.EqualTo($"==> {path} <=="), tail.ToString());
            Assert.That(tail.Take(_ => true), Is.EqualTo($"new in {path}"), tail.ToString());
        }

        File.AppendAllText(paths[^1], "one more\n");
        Assert.That(tail.Take(_ => true), Is.EqualTo("one more"), "the name is not shown again");
        tail.HasNoMoreOutput();
    }

    [Test]
    public void RenamedAndMadeAnewIsFollowedUnderItsName()
    {
        string path = Path.Combine(_directory.FullName, "log");
        File.WriteAllText(path, "old\n");
        using Sample tail = Follow(path);

        File.Move(path, path + ".1", overwrite: true);
        tail.TakeError(line => line == $"{path} has gone");
        File.AppendAllText(path + ".1", "written late\n");
        tail.Take("written late");
        File.WriteAllText(path, "first of the new one\n");
        tail.Take("first of the new one");
        File.AppendAllText(path, "second\n");
        tail.Take("second");
        tail.HasNoMoreOutput();
    }

    [Test]
    public void ReplacedAtOnceIsFollowed()
    {
        string path = Path.Combine(_directory.FullName, "log");
        File.WriteAllText(path, "old\n");
        using Sample tail = Follow(path);
        for (int round = 0; round < 3; round++)
        {
            string fresh = path + ".new";
            File.WriteAllText(fresh, $"file {round}\n");
            File.Move(fresh, path, overwrite: true);
            tail.Take($"file {round}");
        }

        File.AppendAllText(path, "last\n");
        tail.Take("last");
        tail.HasNoMoreOutput();
    }

    [Test]
    public void FileThatIsNotThereYetIsWaitedFor()
    {
        string path = Path.Combine(_directory.FullName, "later");
        using Sample tail = Follow(path);
        tail.TakeError(line => line.StartsWith("following", StringComparison.Ordinal));
        File.WriteAllText(path, "from its start\n");
        tail.Take("from its start");
        File.Delete(path);
        tail.TakeError(line => line == $"{path} has gone");
        File.WriteAllText(path, "again\n");
        tail.Take("again");
    }

    [Test]
    public void TruncatedIsShownFromItsStart()
    {
        string path = Path.Combine(_directory.FullName, "log");
        File.WriteAllText(path, "a long line that was there\n");
        using Sample tail = Follow(path);
        File.WriteAllText(path, "");
        tail.TakeError(line => line == $"{path} was truncated");
        File.AppendAllText(path, "after\n");
        tail.Take("after");
        tail.HasNoMoreOutput();
    }

    private static Sample Follow(params string[] paths)
    {
        Sample tail = new("TailFollow", paths);
        if (paths.All(File.Exists))
            tail.TakeError(line => line == $"following {paths.Length} files");
        return tail;
    }
}
