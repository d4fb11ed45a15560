namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>
/// Closes what a test has opened, and fails a suite that leaves a descriptor open.
/// </summary>
internal abstract class LinuxFixture
{
    private readonly Stack<IDisposable> _kept = new();
    private SortedDictionary<int, string> _before = [];
    private TempDirectory? _directory;

    /// <summary>A folder of this test.</summary>
    protected TempDirectory Temp => _directory ??= Keep(new TempDirectory());

    [OneTimeSetUp]
    public void CountDescriptors() => _before = Census.Take();

    [OneTimeTearDown]
    public void FindLeaks()
    {
        KeyValuePair<int, string>[] left = [];
        Eventually.Holds(
            () => (left = [.. Census.Take().Without(_before)]).Length == 0,
            () => $"the closing of {string.Join(", ", left)}");
    }

    [TearDown]
    public void CloseAll()
    {
        while (_kept.TryPop(out IDisposable? item))
            item.Dispose();
        _directory = null;
    }

    protected T Keep<T>(T item)
        where T : IDisposable
    {
        _kept.Push(item);
        return item;
    }

    protected TestQueue NewQueue(Dialect? dialect = null) => Keep(new TestQueue(dialect));

    protected Pair NewPair(PairKind kind) => Keep(Pair.Create(kind));

    protected Pair NewPipe() => Keep(Pair.Pipe());
}
