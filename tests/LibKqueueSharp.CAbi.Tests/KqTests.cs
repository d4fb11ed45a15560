namespace LibKqueueSharp.CAbi.Tests;

/// <summary>The kq command over the library: its other commands (<see cref="ScenarioTests"/> has play).</summary>
internal sealed class KqTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static string[] Native => ["--backend", "bsd", "--library", Library.SharedObject, "--abi", "libkqueue"];

    [Test]
    public void DemoShowsAllThatTheLibraryServes()
    {
        Tool.Result result = Kq(["demo", .. Native]);
        Assert.That(result.ExitCode, Is.Zero, result.Output);
        Assert.That(result.Output, Does.Contain("the bsd backend on libkqueue"));
        Assert.That(result.Output, Does.Contain("it is on the disk"), "AIO");
        Assert.That(result.Output, Does.Not.Contain("FAILED"));
    }

    /// <summary>EVFILT_EMPTY has no number in DragonFly's ABI, nor EVFILT_EXCEPT in FreeBSD 11's.</summary>
    [Test]
    public void DemoLeavesOutWhatTheAbiLacks()
    {
        Tool.Result result = Kq(["demo", "--backend", "bsd", "--library", Library.SharedObject, "--abi", "freebsd11"]);
        Assert.That(result.Output, Does.Contain("left out: the bsd backend does not serve EVFILT_EXCEPT"));
    }

    [Test]
    public void InfoTellsOfTheLibrary([Values("bsd", "cabi")] string backend)
    {
        Tool.Result result = Kq(backend == "bsd" ? ["info", "--json", .. Native] : ["info", "--json", "--backend", "cabi", "--library", Library.SharedObject]);
        Assert.That(result.ExitCode, Is.Zero, result.Output);
        Assert.That(result.Output, Does.Contain($"libkqueue: kqueue(2) of {Library.SharedObject}"));
        Assert.That(result.Output, Does.Contain("a thread, and user events of the kernel"));
    }

    [Test]
    public void WatchShowsTheLibrarysEvents()
    {
        Tool.Result result = Kq(["watch", "--timer", "20ms", "--count", "3", .. Native]);
        Assert.That(result.ExitCode, Is.Zero, result.Output);
        Assert.That(result.Output.Split('\n').Count(line => line.Contains("timer 20ms", StringComparison.Ordinal)), Is.EqualTo(3), result.Output);
    }

    /// <summary>What the library has no number for is refused by name, and the rest is watched.</summary>
    [Test]
    public void WatchNamesWhatIsRefused()
    {
        Tool.Result result = Kq(["watch", "--read", "9999", "--timer", "20ms", "--count", "1", .. Native]);
        Assert.That(result.ExitCode, Is.Zero, result.Output);
        Assert.That(result.Output, Does.Contain("refused with EBADF: EVFILT_READ of descriptor 9999"));
    }

    private static Tool.Result Kq(string[] arguments) => Tool.Run(Path.Combine(AppContext.BaseDirectory, "kq"), arguments, s_patience);
}
