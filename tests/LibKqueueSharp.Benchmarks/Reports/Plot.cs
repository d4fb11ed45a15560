namespace LibKqueueSharp.Benchmarks.Reports;

/// <summary>A picture of the report.</summary>
/// <param name="Group">The table it belongs to; empty for all of them.</param>
/// <param name="Title">What it shows.</param>
/// <param name="File">Where it is.</param>
internal sealed record Plot(string Group, string Title, string File);
