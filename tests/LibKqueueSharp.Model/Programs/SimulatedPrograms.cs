using FsCheck;
using FsCheck.Fluent;

namespace LibKqueueSharp.Model.Programs;

/// <summary>Programs for a kernel in memory: sockets that are read, user events, timers, and a virtual clock.</summary>
internal sealed class SimulatedPrograms : ProgramGenerator
{
    private static readonly string[] s_pairs = ["s", "t", "u"];

    private static readonly (uint, long)[] s_oddParameters =
    [
        (0, 0), (0, -1), ((uint)(TimerNotes.Seconds | TimerNotes.Microseconds), 1), (0x8000, 1), ((uint)TimerNotes.Seconds, long.MaxValue),
        ((uint)TimerNotes.Seconds, 1), ((uint)TimerNotes.Microseconds, 2500), ((uint)TimerNotes.Nanoseconds, 1_000_100), ((uint)TimerNotes.Milliseconds, 4),
    ];

    protected override Gen<Step[]> Prelude =>
        from count in Gen.Choose(0, s_pairs.Length)
        select s_pairs.Take(count).Select(p => (Step)new PairStep(p)).ToArray();

    protected override Gen<Step> StepOf(Dialect dialect)
    {
        Gen<string> readers = Gen.Elements(s_pairs.Select(p => p + ".a"));
        Gen<string> writers = Gen.Elements(s_pairs.Select(p => p + ".b"));
        return Gen.Frequency(
            (5, ChangeStep(User(dialect))),
            (3, ChangeStep(Timer(dialect, Parameters(dialect)))),
            (3, ChangeStep(On(EventFilter.Read, readers, dialect, EventFlags.ForceOneShot, _ => false))),
            (1, ChangeStep(Gen.Frequency((1, Unknown(dialect)), (4, User(dialect))))),
            (4, Do(writers, (w, n) => new WriteStep(w, n), 20)),
            (1, Do(readers, (r, n) => new ReadStep(r, n), 20)),
            (1, Do(readers, (r, _) => new DrainStep(r), 1)),
            (1, Gen.Frequency((3, Do(readers, (r, _) => new CloseStep(r), 1)), (3, Do(writers, (w, _) => new CloseStep(w), 1)), (1, Do(writers, (w, _) => new ShutdownStep(w), 1)))),
            (1, Do(Gen.Elements(s_pairs), (p, _) => new PairStep(p), 1)),
            (1, from time in Gen.Choose(1, 30) select (Step)new SleepStep(time)),
            (6, from max in Gen.Choose(0, 4) from time in Gen.Elements(0, 0, 3, 7, 40) select (Step)new CallStep(max, time)));
    }

    private static Gen<(uint, long)> Parameters(Dialect dialect)
    {
        Gen<(uint, long)> plain = from period in Gen.Choose(1, 12) select (0u, (long)period);
        return dialect == Dialect.FreeBsd ? Gen.Frequency((6, plain), (1, Gen.Elements(s_oddParameters))) : plain;
    }
}
