using System.Globalization;
using System.Text.RegularExpressions;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Counting;

/// <summary>What strace wrote, counted: system calls of all threads, by name, an operation.</summary>
internal sealed partial class Trace
{
    private readonly Dictionary<(string Row, Role Role), Counts> _counts = [];

    internal static Trace Read(IEnumerable<string> lines)
    {
        Trace trace = new();
        Counts? current = null;
        foreach (string line in lines)
        {
            if (BeginLine().Match(line) is { Success: true } begin)
                current = trace.Begin(begin);
            else if (line.Contains($"\"{Marker.EndWord}\"", StringComparison.Ordinal))
                current = null;
            else if (current is not null && CallLine().Match(line) is { Success: true } call)
                current.Add(call.Groups["name"].Value);
        }

        return trace;
    }

    /// <summary>Null when the row was not traced.</summary>
    internal IReadOnlyDictionary<string, double>? Find(Row row, Role role) =>
        _counts.TryGetValue((row.Id, role), out Counts? counts) ? counts.EachOperation : null;

    private Counts Begin(Match begin)
    {
        (string, Role) key = (begin.Groups["row"].Value, Enum.Parse<Role>(begin.Groups["role"].Value));
        if (!_counts.TryGetValue(key, out Counts? counts))
            _counts[key] = counts = new Counts();
        counts.Operations += int.Parse(begin.Groups["operations"].Value, CultureInfo.InvariantCulture);
        return counts;
    }

    [GeneratedRegex($"\"{Marker.BeginWord} (?<row>[^ ]+) (?<role>[A-Za-z]+) (?<operations>[0-9]+)\"")]
    private static partial Regex BeginLine();

    // A call that another thread's interrupted is written twice: where it begins, which counts, and where it is resumed.
    [GeneratedRegex(@"^\d+ +(?<name>[a-z0-9_]+)\(")]
    private static partial Regex CallLine();

    private sealed class Counts
    {
        private readonly SortedDictionary<string, int> _calls = new(StringComparer.Ordinal);

        internal int Operations;

        internal IReadOnlyDictionary<string, double> EachOperation =>
            _calls.ToDictionary(call => call.Key, call => (double)call.Value / Operations);

        internal void Add(string name) => _calls[name] = _calls.GetValueOrDefault(name) + 1;
    }
}
