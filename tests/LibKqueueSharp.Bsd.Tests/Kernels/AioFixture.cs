namespace LibKqueueSharp.Kernels.Tests;

/// <summary>What the tests of asynchronous operations share: a file, queues over the emulated kernels, and a look at what is left.</summary>
public abstract class AioFixture
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] s_emulated = ["freebsd", "freebsd11", "netbsd", "openbsd", "macos", "libkqueue"];

    /// <summary>An empty file, which is there for the length of a test.</summary>
    protected string FilePath { get; private set; } = "";

    protected static IEnumerable<KqueueAbi> Emulated() => s_emulated.Select(name => KqueueAbi.Find(name)!);

    protected static EventFlags UsualFlags(KqueueAbi abi) => abi.Dialect.AioIsOneShot ? EventFlags.Clear | EventFlags.OneShot : EventFlags.None;

    [SetUp]
    public void MakeFile() => FilePath = Path.GetTempFileName();

    [TearDown]
    public void NothingIsLeft()
    {
        EmulatedKernel.MostPolled = int.MaxValue;
        EmulatedKernel.NeverPolled = -1;
        EmulatedKernel.IsFull = false;
        EmulatedKernel.LiesOnce = false;
        EmulatedKernel.HasDuplicatedOpenly = false;
        EmulatedAio.CancelsNothing = false;
        EmulatedAio.WaitsForMembers = false;
        File.Delete(FilePath);

        // The thread that has triggered an event may leave the queue after the one that took it has disposed of it.
        Assert.That(SpinWait.SpinUntil(() => EmulatedKernel.Queues == 0, Patience), "queues are still open");
        Assert.That(
            SpinWait.SpinUntil(
                () =>
                {
                    KernelOperations.LookAfterOrphans();
                    return EmulatedAio.Kept == 0;
                },
                Patience),
            "the kernel still has results");
    }

    protected static Kqueue Open(KqueueAbi abi) => Kqueue.Create(EmulatedKernel.Backend(abi));

    protected static KEvent WaitOne(Kqueue queue)
    {
        KEvent[] events = new KEvent[4];
        Assert.That(queue.Wait(events, Patience), Is.EqualTo(1), $"{events[0]} {events[1]}");
        return events[0];
    }
}
