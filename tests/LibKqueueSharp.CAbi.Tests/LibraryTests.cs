namespace LibKqueueSharp.CAbi.Tests;

/// <summary>The published files.</summary>
internal sealed class LibraryTests
{
    [Test]
    public void OnlyTheCallsAreExported()
    {
        Tool.Result result = Tool.Run("nm", ["-D", "--defined-only", "--format=posix", Library.SharedObject], TimeSpan.FromMinutes(1));
        string[] names = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal)];
        Assert.That(names, Is.EqualTo(["kevent", "kqueue", "kqueue1", "kqueuex", "libkqueue_drain_pending_close"]));
    }

    [Test]
    public void IsNamedAsTheOldLibrary()
    {
        Tool.Result result = Tool.Run("readelf", ["-d", Library.SharedObject], TimeSpan.FromMinutes(1));
        Assert.That(result.Output, Does.Contain("Library soname: [libkqueue.so.0]"));
        Assert.That(new FileInfo(Path.Combine(Library.Folder, "libkqueue.so")).LinkTarget, Is.EqualTo("libkqueue.so.0"));
    }

    [Test]
    public void NeedsNothingButTheCLibrary()
    {
        Tool.Result result = Tool.Run("readelf", ["-d", Library.SharedObject], TimeSpan.FromMinutes(1));
        IEnumerable<string> needed = result.Output.Split('\n').Where(line => line.Contains("(NEEDED)", StringComparison.Ordinal));
        Assert.That(needed, Has.All.Match(@"\[(libc|libm|libdl|libpthread|librt|libgcc_s|ld-linux[^\]]*)\.so\.\d+\]"), result.Output);
    }

    [Test]
    public void IsSmallerThanThreeMegabytes() => Assert.That(new FileInfo(Library.SharedObject).Length, Is.LessThan(3_000_000));

    /// <summary>As its README has it: <c>cc prog.c $(pkg-config --cflags --libs libkqueue)</c>, after the script has installed it.</summary>
    [Test]
    public void InstalledLibraryIsFoundByPkgConfig()
    {
        if (!Tool.Exists("pkg-config"))
            Assert.Inconclusive("there is no pkg-config");
        string prefix = Path.Combine(AppContext.BaseDirectory, "prefix");
        Tool.Result installed = Tool.Run("sh", [Path.Combine(Library.Folder, "install.sh"), prefix], TimeSpan.FromMinutes(1));
        Assert.That(installed.ExitCode, Is.Zero, installed.Output);
        string source = Path.Combine(prefix, "prog.c");
        File.WriteAllText(source, "#include <sys/event.h>\nint main(void) { return kqueue() < 0; }\n");
        Tool.Result built = Tool.Run(
            "sh",
            ["-c", $"PKG_CONFIG_PATH='{prefix}/lib/pkgconfig' && export PKG_CONFIG_PATH && gcc -o '{prefix}/prog' '{source}' $(pkg-config --cflags --libs libkqueue)"],
            TimeSpan.FromMinutes(1));
        Assert.That(built.ExitCode, Is.Zero, built.Output);
        Tool.Result result = Tool.Run(
            Path.Combine(prefix, "prog"), [], TimeSpan.FromMinutes(1), new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = prefix + "/lib" });
        Assert.That(result.ExitCode, Is.Zero, result.Output);
    }

    /// <summary>A packager's folder, with a space in its name.</summary>
    [Test]
    public void ScriptInstallsBelowDestdir()
    {
        string staging = Path.Combine(AppContext.BaseDirectory, "staging area");
        if (Directory.Exists(staging))
            Directory.Delete(staging, recursive: true);
        Tool.Result installed = Tool.Run(
            "sh", [Path.Combine(Library.Folder, "install.sh"), "/opt/kq"], TimeSpan.FromMinutes(1), new Dictionary<string, string> { ["DESTDIR"] = staging });
        Assert.That(installed.ExitCode, Is.Zero, installed.Output);
        Assert.That(File.Exists(staging + "/opt/kq/lib/libkqueue.so"));
        Assert.That(File.Exists(staging + "/opt/kq/lib/pkgconfig/libkqueue.pc"));
        Assert.That(File.Exists(staging + "/opt/kq/include/kqueue/sys/event.h"));
        Assert.That(Directory.Exists("/opt/kq"), Is.False);
    }

    /// <summary>
    /// By another file: a program that has the library mapped would be ended by SIGBUS if the same were written again. It may have been a link to
    /// another library's file, and the mask of who installs does not matter.
    /// </summary>
    [Test]
    public void ScriptReplacesALibraryInUse()
    {
        string prefix = Path.Combine(AppContext.BaseDirectory, "replaced");
        if (Directory.Exists(prefix))
            Directory.Delete(prefix, recursive: true);
        Directory.CreateDirectory(prefix + "/lib");
        File.WriteAllText(prefix + "/lib/libkqueue.so.0.0", "another");
        File.CreateSymbolicLink(prefix + "/lib/libkqueue.so.0", "libkqueue.so.0.0");
        string installed = prefix + "/lib/libkqueue.so.0";
        Install();
        Assert.That(File.ReadAllText(prefix + "/lib/libkqueue.so.0.0"), Is.EqualTo("another"));
        using FileStream mapped = File.OpenRead(installed);
        string before = Inode();
        Install();
        Assert.That(Inode(), Is.Not.EqualTo(before));
        Assert.That(Directory.EnumerateFiles(prefix + "/lib").Count(), Is.EqualTo(3), "nothing is left behind");
        Tool.Result unreadable = Tool.Run("find", [prefix, "!", "-name", "*.0.0", "!", "-type", "l", "!", "-perm", "-004"], TimeSpan.FromMinutes(1));
        Assert.That(unreadable.Output, Is.Empty);

        void Install()
        {
            Tool.Result result = Tool.Run("sh", ["-c", $"umask 077; exec sh '{Library.Folder}/install.sh' '{prefix}'"], TimeSpan.FromMinutes(1));
            Assert.That(result.ExitCode, Is.Zero, result.Output);
        }

        string Inode() => Tool.Run("stat", ["-c", "%i", installed], TimeSpan.FromMinutes(1)).Output;
    }
}
