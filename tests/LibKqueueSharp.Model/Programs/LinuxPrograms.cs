using FsCheck;
using FsCheck.Fluent;

namespace LibKqueueSharp.Model.Programs;

/// <summary>Programs for a real kernel: pipes, sockets, a file, duplicates, user events and timers by the clock on the wall.</summary>
internal sealed class LinuxPrograms : ProgramGenerator
{
    private const string File = "f";
    private const string SameFile = "g";

    private static readonly string[] s_pairs = ["s", "t"];
    private static readonly string[] s_pipes = ["p", "q"];
    private static readonly string[] s_duplicates = ["d", "e"];
    private static readonly string[] s_readers = ["s.a", "s.b", "t.a", "p.r", "q.r", "d", "e"];
    private static readonly string[] s_writers = ["s.a", "s.b", "t.b", "p.w", "q.w", "d", "e"];

    protected override Gen<Step[]> Prelude =>
        from pairs in Gen.Choose(0, 2)
        from pipes in Gen.Choose(0, 2)
        from file in Gen.Choose(0, 3)
        select (Step[])
        [
            .. s_pairs.Take(pairs).Select(p => new PairStep(p)),
            .. s_pipes.Take(pipes).Select(p => new PipeStep(p)),
            .. Enumerable.Repeat(new FileStep(File, 0), file == 0 ? 1 : 0),
        ];

    protected override Gen<Step> StepOf(Dialect dialect)
    {
        // Which activity wakes the writer of a buffer that has room is Linux's own business: WRITE is compared where it has no edges.
        bool evaluates = dialect == Dialect.FreeBsd || dialect == Dialect.MacOs;
        EventFlags edges = EventFlags.Clear | (evaluates ? 0 : EventFlags.Dispatch);
        Gen<string> readers = Gen.Elements(s_readers);
        Gen<string> writers = Gen.Elements(s_writers);
        Gen<string> file = Gen.Elements(File, File, SameFile);
        return Gen.Frequency(
            (3, ChangeStep(User(dialect))),
            (2, ChangeStep(Timer(dialect, Gen.Elements((0u, 1L), (0u, 2L), ((uint)TimerNotes.Microseconds, 300L), ((uint)TimerNotes.Seconds, 3600L))))),
            (6, ChangeStep(On(EventFilter.Read, readers, dialect, EventFlags.ForceOneShot, n => n[0] is 's' or 't'))),
            (2, ChangeStep(On(EventFilter.Write, writers, dialect, edges | EventFlags.ForceOneShot, _ => false))),
            (1, ChangeStep(On(EventFilter.Read, file, dialect, edges | EventFlags.ForceOneShot, _ => false))),
            (5, Do(writers, (w, n) => new WriteStep(w, n), 20)),
            (2, Do(readers, (r, n) => new ReadStep(r, n), 20)),
            (1, Do(readers, (r, _) => new DrainStep(r), 1)),
            (1, FileStepOf()),
            (1, Gen.Frequency(
                (2, Do(writers, (w, _) => new FillStep(w), 1)),
                (2, Do(Gen.Elements("s.a", "s.b", "t.b"), (w, _) => new ShutdownStep(w), 1)),
                (2, Do(Gen.Elements([.. s_readers, .. s_writers, SameFile]), (n, _) => new CloseStep(n), 1)),
                (2, Duplicate()),
                (1, Do(Gen.Elements(s_pairs), (p, _) => new PairStep(p), 1)),
                (1, Do(Gen.Elements(s_pipes), (p, _) => new PipeStep(p), 1)))),
            (1, Gen.Frequency((9, Gen.Constant<Step>(new CallStep(1, 0))), (1, Gen.Constant<Step>(new SleepStep(1))))),
            (9, from max in Gen.Frequency((3, Gen.Choose(1, 3)), (2, Gen.Constant(9)), (1, Gen.Constant(0))) from wait in Gen.Choose(0, 30) select (Step)new CallStep(max, wait == 0 ? 1 : 0)));
    }

    private static Gen<Step> Duplicate() =>
        from name in Gen.Elements(s_duplicates)
        from of in Gen.Elements([.. s_readers, .. s_writers])
        from over in Gen.Elements([.. s_readers, .. s_writers])
        from kind in Gen.Choose(0, 5)
        select kind switch
        {
            0 when over != of => new Dup2Step(over, of),
            1 => new DupStep(SameFile, File),
            _ => (Step)new DupStep(name, of),
        };

    private static Gen<Step> FileStepOf() => Gen.OneOf(
        from bytes in Gen.Choose(1, 20) select (Step)new AppendStep(File, bytes),
        from bytes in Gen.Choose(0, 20) select (Step)new TruncateStep(File, bytes),
        from bytes in Gen.Choose(1, 20) select (Step)new ReadStep(File, bytes));
}
