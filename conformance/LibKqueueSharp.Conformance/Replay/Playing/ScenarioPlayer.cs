using System.Diagnostics;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// Plays scenarios on the queues of a backend. An object may be used again and again, by one thread at a time;
/// scenarios that run at the same time in one process disturb each other, because descriptor numbers are shared.
/// </summary>
public sealed class ScenarioPlayer
{
    private readonly KqueueBackend _backend;
    private readonly Dialect _dialect;
    private readonly Func<IScenarioHost> _newHost;
    private readonly INumericKevent _numeric;

    /// <summary>Creates a player.</summary>
    /// <param name="backend">Where the queues come from.</param>
    /// <param name="dialect">The dialect that they follow.</param>
    /// <param name="newHost">Makes a host for each playing; the player disposes of it.</param>
    /// <param name="numeric">Answers calls on numbers that are no queues; with null they are EBADF.</param>
    public ScenarioPlayer(KqueueBackend backend, Dialect dialect, Func<IScenarioHost> newHost, INumericKevent? numeric = null)
    {
        _backend = backend;
        _dialect = dialect;
        _newHost = newHost;
        _numeric = numeric ?? new NotAQueue();
    }

    /// <summary>Plays a scenario once. Whatever happens, all that it opened is closed at the end.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="omitted">The numbers of lines that are not to be played; they are answered as skipped.</param>
    public Playback Play(Scenario scenario, IReadOnlySet<int>? omitted = null)
    {
        using PlayState state = new(_backend, _dialect, _newHost(), _numeric);
        List<PlayedLine> lines = [];
        long start = Stopwatch.GetTimestamp();
        foreach (ScenarioCommand command in scenario.Commands)
        {
            long began = ElapsedSince(start);
            LineAnswer answer;
            if (omitted is not null && omitted.Contains(command.Line))
            {
                answer = LineAnswer.Skipped("the recorded system did not play it");
            }
            else
            {
                answer = PlayLine(command, state);
                state.Host.Settle();
            }

            lines.Add(new(command, answer, began, ElapsedSince(start)));
        }

        return new(scenario, lines);
    }

    /// <summary>What a backend throws is its answer: a bad argument may never be more than an errno.</summary>
    private static LineAnswer PlayLine(ScenarioCommand command, PlayState state)
    {
        try
        {
            return CommandTable.Play(command, state);
        }
        catch (Exception e) when (e is not ScenarioFormatException)
        {
            return LineAnswer.Returned(-1, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private static long ElapsedSince(long start) => Stopwatch.GetElapsedTime(start).Ticks * 100;
}
