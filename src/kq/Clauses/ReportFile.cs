using LibKqueueSharp.Conformance.Reports;

namespace LibKqueueSharp.Kq.Clauses;

/// <summary>A report to be written.</summary>
/// <param name="path">Where to.</param>
/// <param name="write">How.</param>
internal sealed class ReportFile(string path, Action<ConformanceReport, TextWriter> write)
{
    /// <summary>Complains early, because clauses take a while.</summary>
    /// <exception cref="UsageException">There is no folder for it.</exception>
    public void Check()
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
        if (!Directory.Exists(folder))
            throw new UsageException($"{path} cannot be written: there is no folder {folder}");
    }

    /// <summary>Writes it.</summary>
    /// <param name="report">What was found.</param>
    public void Write(ConformanceReport report)
    {
        using StreamWriter output = new(path);
        write(report, output);
    }
}
