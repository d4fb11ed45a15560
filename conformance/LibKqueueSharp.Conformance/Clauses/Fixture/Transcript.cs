using System.Text;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>The calls that a clause made, to be read when it fails. Any thread may write to it.</summary>
internal sealed class Transcript
{
    private const int Kept = 40;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();
    private int _dropped;

    public void Write(string line)
    {
        lock (_gate)
        {
            _lines.Enqueue(line);
            if (_lines.Count <= Kept)
                return;
            _lines.Dequeue();
            _dropped++;
        }
    }

    public string Describe(string problem)
    {
        StringBuilder text = new(problem);
        lock (_gate)
        {
            if (_dropped > 0)
                text.AppendLine().Append("  … ").Append(_dropped).Append(" calls");
            foreach (string line in _lines)
                text.AppendLine().Append("  ").Append(line);
        }

        return text.ToString();
    }

    public static string Text(IEnumerable<KEvent> events) => $"[{string.Join(", ", events)}]";
}
