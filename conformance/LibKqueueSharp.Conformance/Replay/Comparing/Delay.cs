namespace LibKqueueSharp.Conformance.Replay;

/// <summary>How long the machine stood still: what a line took beyond its own sleeping and waiting.</summary>
internal static class Delay
{
    // Measured: the longest line that only calls the system takes under 1 ms, settling 2 ms, starting a child 2 ms. The
    // shortest distance between a timer and a wait in the scenarios is 10 ms.
    private const long Disturbing = 5_000_000;

    public static long Of(PlayedLine line)
    {
        ScenarioCommand command = line.Command;
        long took = line.Ended - line.Began;
        return command.Verb switch
        {
            "sleep" => took - Durations.Parse(command.Arguments[0]),
            "wait" => 0,
            "kevent" => OfCall(command, took, line.Answer.Events is { Count: > 0 }),
            _ => took,
        };
    }

    /// <summary>True when the playing says nothing about a scenario in which time matters.</summary>
    public static bool IsDisturbed(Playback playback) => playback.Lines.Any(l => Of(l) > Disturbing);

    private static long OfCall(ScenarioCommand command, long took, bool hasEvents)
    {
        string timeout = command.Options.GetValueOrDefault("timeout", "none");
        if (timeout == "none")
            return 0;
        long beyond = took - Durations.Parse(timeout);
        return hasEvents ? Math.Max(0, beyond) : beyond;
    }
}
