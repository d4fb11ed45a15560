using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Spectre.Console;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>Plays acts one after the other, and tells at the end whether all went as it must.</summary>
/// <param name="console">Where it is shown.</param>
/// <param name="patience">How long to wait for an event that must come.</param>
internal sealed class DemoRun(IAnsiConsole console, TimeSpan patience)
{
    private static readonly Style s_heading = new(decoration: Decoration.Bold);
    private static readonly Style s_good = new(Color.Lime);
    private static readonly Style s_bad = new(Color.Red, decoration: Decoration.Bold);
    private static readonly Style s_dim = new(Color.Grey);

    private readonly EventLine _line = new(console);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<string> _problems = [];
    private int _events;
    private int _played;
    private int _leftOut;

    /// <summary>Plays the acts.</summary>
    /// <param name="backend">Where the queues come from.</param>
    /// <param name="acts">The acts.</param>
    /// <returns>The exit code.</returns>
    public int Play(KqueueBackend backend, IReadOnlyList<Act> acts)
    {
        KqueueCapabilities capabilities = backend.Capabilities;
        Say($"kq demo: the {capabilities.Backend} backend on {capabilities.System}, behaving as {Dialect.FreeBsd}", s_heading);
        _line.Header();

        foreach (Act act in acts)
        {
            Say("");
            Say(act.Title, s_heading);
            if (Missing(act, capabilities) is { } reason)
                LeaveOut(reason);
            else
                Play(backend, act);
        }

        Say("");
        return Conclude();
    }

    private static string? Missing(Act act, KqueueCapabilities capabilities)
    {
        EventFilter[] missing = [.. act.Filters.Where(f => !capabilities.Supports(f))];
        return missing.Length > 0 ? $"the {capabilities.Backend} backend does not serve {CNames.Of(missing)}" : act.Missing(capabilities);
    }

    private void LeaveOut(string reason)
    {
        _leftOut++;
        Say($"left out: {reason}", s_dim);
    }

    private void Play(KqueueBackend backend, Act act)
    {
        using Kqueue queue = Kqueue.Create(backend);
        Stage stage = new(queue, _line, _clock, patience);
        try
        {
            act.Play(stage);
            _played++;
        }
        catch (LeftOutException e)
        {
            LeaveOut(e.Message);
        }
        catch (Exception e) when (e is DemoException or IOException or SocketException)
        {
            _played++;
            _problems.Add($"{act.Title}: {e.Message}");
            Say($"FAILED: {e.Message}", s_bad);
        }

        _events += stage.Events;
    }

    private int Conclude()
    {
        string seconds = _clock.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        string tail = _leftOut == 0 ? "" : $", {_leftOut} left out";
        if (_problems.Count == 0)
        {
            Say($"All as it must be: {_played} parts, {_events} events in {seconds} s{tail}.", s_good);
            return ExitCode.Done;
        }

        Say($"{_problems.Count} of {_played} parts did not go as they must{tail}:", s_bad);
        foreach (string problem in _problems)
            Say(problem, s_bad);
        return ExitCode.Failed;
    }

    private void Say(string text, Style? style = null) => console.Write(new Paragraph(text + "\n", style));
}
