namespace LibKqueueSharp.Kq.Tests;

public sealed class UsageTests
{
    [TestCase("frob")]
    [TestCase("demo", "extra")]
    [TestCase("info", "--frob")]
    [TestCase("play", "--dialect", "plan9")]
    [TestCase("play", "--dialect", "macos")]
    [TestCase("play", "--system", "freebsd99")]
    [TestCase("play", "--backend", "abacus")]
    [TestCase("play", "--backend", "cabi")]
    [TestCase("play", "--library", "there-is-no-such-library.so")]
    [TestCase("play", "--backend", "cabi", "--library", "there-is-no-such-library.so")]
    [TestCase("play", "--match", "(")]
    [TestCase("play", "--only", "pipes,wings")]
    [TestCase("play", "there-is-no-such-file.scenario")]
    [TestCase("conformance", "extra")]
    [TestCase("conformance", "--backend", "abacus")]
    [TestCase("conformance", "--backend", "bsd")]
    [TestCase("conformance", "--backend", "bsd", "--library", "libc.so.6")]
    [TestCase("conformance", "--backend", "bsd", "--library", "libc.so.6", "--abi", "plan9")]
    [TestCase("conformance", "--backend", "bsd", "--library", "libc.so.6", "--abi", "libkqueue")]
    [TestCase("conformance", "--backend", "bsd", "--library", "there-is-no-such.so", "--abi", "netbsd")]
    [TestCase("conformance", "--library", "libkqueue.so.0")]
    [TestCase("play", "--backend", "cabi")]
    [TestCase("play", "--backend", "cabi", "--library", "there-is-no-such.so")]
    [TestCase("conformance", "--abi", "libkqueue")]
    [TestCase("play", "--backend", "bsd", "--abi", "libkqueue", "--library", "there-is-no-such.so")]
    [TestCase("play", "--backend", "linux", "--abi", "libkqueue")]
    [TestCase("conformance", "--backend", "there-is-no-such-file.dll")]
    [TestCase("conformance", "--dialect", "plan9")]
    [TestCase("conformance", "--match", "(")]
    [TestCase("conformance", "--match", "^NO-SUCH-CLAUSE$")]
    [TestCase("conformance", "--json")]
    [TestCase("conformance", "--html", "there/is/no/such/folder.html")]
    [TestCase("demo", "--library", "libkqueue.so.0")]
    [TestCase("demo", "--backend", "bsd", "--abi", "libkqueue", "--library", "there-is-no-such.so")]
    [TestCase("demo", "--backend", "abacus")]
    [TestCase("demo", "--deviations", "linux")]
    [TestCase("info", "--backend", "bsd", "--library", "libc.so.6", "--abi", "plan9")]
    [TestCase("info", "--abi", "netbsd")]
    [TestCase("watch", "--timer", "5ms", "--backend", "bsd", "--library", "libc.so.6", "--abi", "libkqueue")]
    [TestCase("watch", "--timer", "5ms", "--backend", "cabi")]
    [TestCase("watch")]
    [TestCase("watch", "--json")]
    [TestCase("watch", "--timer", "5 parsecs")]
    [TestCase("watch", "--timer", "500")]
    [TestCase("watch", "--timer", "-5ms")]
    [TestCase("watch", "--timer", "5ms", "--count", "0")]
    [TestCase("watch", "--timer", "5ms", "--count", "few")]
    [TestCase("watch", "--timer", "5ms", "--for", "ever")]
    [TestCase("watch", "--read", "stdin")]
    [TestCase("watch", "--file")]
    [TestCase("watch", "--pid", "0")]
    [TestCase("watch", "--pid", "init")]
    [TestCase("watch", "--pid", "-1")]
    [TestCase("watch", "--signal", "FROB")]
    [TestCase("watch", "--signal", "INT,TERM")]
    [TestCase("watch", "--timer", "5ms", "--dialect", "plan9")]
    public void WrongUsageIsExplainedAndEndsWithTwo(params string[] arguments)
    {
        KqResult result = KqProcess.RunHere(arguments);
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
            Assert.That(result.Error.Trim(), Is.Not.Empty, result.ToString());
            Assert.That(result.Error, Does.Not.Contain("   at "), result.ToString());
        });
    }

    [TestCase("watch", "--timer", "5 parsecs")]
    [TestCase("conformance", "--backend", "bsd", "--library", "libc.so.6", "--abi", "plan9")]
    public void ProcessAnswersAsTheCommandInThisOne(params string[] arguments)
    {
        KqResult here = KqProcess.RunHere(arguments);
        KqResult result = KqProcess.Run(arguments);
        Assert.That((result.ExitCode, result.Output, result.Error), Is.EqualTo((here.ExitCode, here.Output, here.Error)), result.ToString());
    }

    [Test]
    public void NoCommandShowsTheCommandsAndEndsWithTwo()
    {
        KqResult result = KqProcess.Run();
        Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
        Assert.That(result.Output, Does.Contain("watch"), result.ToString());
    }

    [TestCase("conformance")]
    [TestCase("demo")]
    [TestCase("info")]
    [TestCase("play")]
    [TestCase("watch")]
    public void HelpNamesEachCommand(string command)
    {
        KqResult all = KqProcess.Run("--help");
        Assert.That(all.ExitCode, Is.Zero, all.ToString());
        Assert.That(all.Output, Does.Match($@"(?m)^  {command}\b"), all.ToString());

        KqResult one = KqProcess.Run(command, "--help");
        Assert.That(one.ExitCode, Is.Zero, one.ToString());
        Assert.That(one.Output, Does.Contain($"kq {command}"), one.ToString());
    }
}
