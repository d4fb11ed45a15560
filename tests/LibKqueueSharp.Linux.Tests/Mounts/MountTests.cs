using System.Reflection;
using LibKqueueSharp.Linux.Tests.Deviations;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests.Mounts;

/// <summary>EVFILT_FS (clauses FS-001 and FS-002).</summary>
internal sealed class MountTests : LinuxFixture
{
    private static readonly string[] s_deviations =
    [
        nameof(MountScenarios.MountsInOtherNamespacesAreNotSeen),
        nameof(MountScenarios.NamespaceThatAThreadHasMadeIsNotSeen),
        nameof(MountScenarios.MountThatIsGoneAgainIsNotSeen),
        nameof(MountScenarios.FullDiskIsNotSeen),
    ];

    private static IEnumerable<string> Scenarios => typeof(MountScenarios).GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Select(m => m.Name)
        .Except(s_deviations);

    [TestCaseSource(nameof(Scenarios))]
    public void Holds(string scenario) => MountChild.RunAndExpect(scenario);

    [Test, Deviation("mounts-of-the-namespace")]
    public void OtherNamespaces() => MountChild.RunAndExpect(nameof(MountScenarios.MountsInOtherNamespacesAreNotSeen));

    [Test, Deviation("mounts-of-the-namespace")]
    public void NamespaceOfAThread() => MountChild.RunAndExpect(nameof(MountScenarios.NamespaceThatAThreadHasMadeIsNotSeen));

    [Test, Deviation("mounts-may-cancel")]
    public void MountThatIsGoneAgain() => MountChild.RunAndExpect(nameof(MountScenarios.MountThatIsGoneAgainIsNotSeen));

    [Test, Deviation("only-the-table-tells")]
    public void FullDisk() => MountChild.RunAndExpect(nameof(MountScenarios.FullDiskIsNotSeen));

    [Test, Deviation("mounts-everywhere")]
    public void OpenBsdServesItToo() =>
        Assert.That(NewQueue(Dialect.OpenBsd).TryAdd(0, EventFilter.FileSystem), Is.EqualTo(Errno.None));

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(12345)]
    public void AnyIdentIsAccepted(int ident)
    {
        TestQueue q = NewQueue();
        Assert.That(q.TryAdd(ident, EventFilter.FileSystem), Is.EqualTo(Errno.None));
        Assert.That(q.TryDelete(ident, EventFilter.FileSystem), Is.EqualTo(Errno.None));
        Assert.That(q.TryDelete(ident, EventFilter.FileSystem), Is.EqualTo(Errno.ENOENT));
    }

    [Test]
    public void WatchIsOpenWhileThereIsARegistration()
    {
        TestQueue q = NewQueue();
        int none = q.Queue.DescriptorCount;
        SortedDictionary<int, string> before = Census.Take();
        q.Add(1, EventFilter.FileSystem, 0, (uint)FileSystemNotes.Mount);
        q.Add(2, EventFilter.FileSystem, 0, (uint)FileSystemNotes.Mount);
        Assert.That(q.Queue.DescriptorCount, Is.EqualTo(none + 2));
        q.Delete(1, EventFilter.FileSystem);
        Assert.That(q.Queue.DescriptorCount, Is.EqualTo(none + 2));
        q.Delete(2, EventFilter.FileSystem);
        Assert.That(q.Queue.DescriptorCount, Is.EqualTo(none));
        Assert.That(Census.Take().Without(before), Is.Empty);
    }

    [Test]
    public void WithoutADescriptorItIsRefusedAndNothingIsLeft()
    {
        if (NoDescriptors.AreElsewhere())
            return;
        TestQueue q = NewQueue();
        int none = q.Queue.DescriptorCount;
        Assert.That(NoDescriptors.While(() => q.TryAdd(1, EventFilter.FileSystem)), Is.EqualTo(Errno.ENOMEM));
        Assert.That((q.Queue.KnoteCount, q.Queue.DescriptorCount), Is.EqualTo((0, none)));
        q.Add(1, EventFilter.FileSystem);
    }

    [Test]
    public void CapabilitiesNameWhatIsSent()
    {
        FilterCapability fs = new LinuxBackend().Capabilities.Filters.Single(f => f.Filter == EventFilter.FileSystem);
        Assert.That(fs.Supported);
        Assert.That(fs.Notes, Is.EqualTo(new[] { "VQ_MOUNT", "VQ_UNMOUNT", "VQ_UPDATE" }));
    }
}
