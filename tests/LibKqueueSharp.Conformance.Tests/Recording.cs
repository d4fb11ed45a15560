using System.Text.Json;

namespace LibKqueueSharp.Conformance.Tests;

/// <summary>A script written line by line together with what was recorded and what was played.</summary>
internal sealed class Recording
{
    private const long Millisecond = 1_000_000;

    private readonly List<(string Command, LineAnswer Expected, LineAnswer Answered, long Began, long Ended)> _rows = [];
    private long _clock;

    /// <summary>A line that both systems answered alike.</summary>
    public Recording Line(string command, string answer) => Line(command, answer, answer);

    /// <summary>A line with what the trace has and what was played, in a trace's JSON without its braces.</summary>
    public Recording Line(string command, string expected, string answered, double milliseconds = 0.1)
    {
        long began = _clock;
        _clock += (long)(milliseconds * Millisecond);
        _rows.Add((command, Answer(expected), Answer(answered), began, _clock));
        return this;
    }

    public static string Event(string ident, string filter, string data, string flags = "", string notes = "", long udata = 0) =>
        $$"""{"ident":"{{ident}}","filter":"EVFILT_{{filter}}","flags":[{{Quote(flags)}}],"fflags":[{{Quote(notes)}}],"data":{{data}},"udata":{{udata}}}""";

    public static string Events(params string[] events) => $"\"rc\":{events.Length},\"events\":[{string.Join(',', events)}]";

    public Scenario Scenario => Scenario.Parse("written", string.Join('\n', _rows.Select(r => r.Command)));

    public Trace Trace => new("a test", [.. Scenario.Commands.Select(c => new TraceEntry(c.Line, c.Text, _rows[c.Line - 1].Expected))]);

    public Playback Playback
    {
        get
        {
            Scenario scenario = Scenario;
            return new(scenario, [.. scenario.Commands.Select(c =>
            {
                (string _, LineAnswer _, LineAnswer answered, long began, long ended) = _rows[c.Line - 1];
                return new PlayedLine(c, answered, began, ended);
            })]);
        }
    }

    public Comparison Compare(TraceSystem? system = null) => new TraceComparer(system ?? TraceSystem.FreeBsd13).Compare(Playback, Trace);

    public void MustBeEqual(TraceSystem? system = null) => Assert.That(Compare(system).Differences, Is.Empty);

    public void MustDiffer(string problem, TraceSystem? system = null) =>
        Assert.That(Compare(system).Differences.Select(d => d.Problem), Is.EqualTo((string[])[problem]));

    private static string Quote(string names) => names.Length == 0 ? "" : string.Join(',', names.Split('|').Select(n => $"\"{n}\""));

    private static LineAnswer Answer(string json)
    {
        using JsonDocument document = JsonDocument.Parse("{" + json + "}");
        return AnswerReader.ReadAnswer(document.RootElement);
    }
}
