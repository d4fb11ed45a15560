using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using LibKqueueSharp.Benchmarks.Rows;
using LibKqueueSharp.Benchmarks.Running;
using Perfolizer.Horology;

namespace LibKqueueSharp.Benchmarks.Small;

/// <summary>The rows without many descriptors, under BenchmarkDotNet; the baseline is the floor, or what stands beside it.</summary>
[MemoryDiagnoser]
public class SmallRows
{
    private const int Operations = 1_000;

    private Contender? _contender;

    /// <summary>Which rows take part.</summary>
    internal static Regex Filter { get; set; } = new("");

    /// <summary>The row.</summary>
    [ParamsSource(nameof(Names))]
    public string Row { get; set; } = "";

    /// <summary>The rows.</summary>
    public static IEnumerable<string> Names => Small.Select(row => row.Id);

    private static IEnumerable<Row> Small => new Catalog(Effort.Full).Rows.Where(row =>
        row.Group != Groups.Delivery && row.Group != Groups.Registration && row.Group != Groups.Memory
        && row.Name != "latency" && Filter.IsMatch(row.Id));

    internal static void Run(Regex filter)
    {
        Filter = filter;
        BenchmarkRunner.Run<SmallRows>(DefaultConfig.Instance.AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithIterationTime(TimeInterval.FromMilliseconds(100))
            .WithMaxIterationCount(20)));
    }

    [GlobalSetup(Target = nameof(Baseline))]
    public void SetUpBaseline() => SetUp(contenders => contenders.GetValueOrDefault(Role.Floor) ?? contenders[Role.Alternative]);

    [GlobalSetup(Target = nameof(LibKqueueSharp))]
    public void SetUpLibrary() => SetUp(contenders => contenders[Role.Subject]);

    [GlobalCleanup]
    public void CleanUp() => _contender!.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void Baseline() => _contender!.Run(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void LibKqueueSharp() => _contender!.Run(Operations);

    private void SetUp(Func<IReadOnlyDictionary<Role, Func<Contender>>, Func<Contender>> choose)
    {
        _contender = choose(Small.Single(row => row.Id == Row).Contenders)();
        _contender.Prime();
    }
}
