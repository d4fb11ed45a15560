using System.Runtime.Versioning;
using LibKqueueSharp.Conformance.Replay;
using LibKqueueSharp.Model.Playing;
using LibKqueueSharp.Model.Programs;

namespace LibKqueueSharp.Linux.Tests.Models;

/// <summary>Plays a program as the scenario that it is, with real system calls.</summary>
[UnsupportedOSPlatform("windows")]
internal static class LinuxMachine
{
    internal static IEnumerable<Played> Play(QueueProgram program)
    {
        ScenarioPlayer player = new(new LinuxBackend(), program.Dialect, () => new PosixHost());
        using IEnumerator<PlayedLine> lines = player.Play(Scenario.Parse("program", program.ToScenario())).Lines.Skip(1).GetEnumerator();
        foreach (Step step in program.Steps)
        {
            long began = -1;
            for (int left = step.ToString()!.Count(c => c == '\n') + 1; left > 0; left--)
            {
                lines.MoveNext();
                if (began < 0)
                    began = lines.Current.Began;
            }

            yield return new Played(step, lines.Current.Answer, began, lines.Current.Ended);
        }
    }
}
