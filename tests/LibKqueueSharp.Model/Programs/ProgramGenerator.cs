using FsCheck;
using FsCheck.Fluent;

namespace LibKqueueSharp.Model.Programs;

/// <summary>Makes programs, and smaller ones of one that failed.</summary>
internal abstract class ProgramGenerator
{
    private const int Shortest = 3;
    private const int Longest = 45;

    private static readonly EventFlags[] s_attributes =
        [EventFlags.Clear, EventFlags.Clear, EventFlags.OneShot, EventFlags.Dispatch, EventFlags.Clear | EventFlags.Dispatch, EventFlags.OneShot | EventFlags.Dispatch];

    private static readonly EventFlags[] s_oddFlags =
    [
        EventFlags.Enable | EventFlags.Disable, EventFlags.Add | EventFlags.Delete, EventFlags.ForceOneShot, EventFlags.KeepUData,
        EventFlags.Add | EventFlags.KeepUData, EventFlags.Add | EventFlags.ForceOneShot, EventFlags.Delete | EventFlags.Disable,
        EventFlags.Add | EventFlags.Enable, EventFlags.Add | EventFlags.Disable, EventFlags.Clear, EventFlags.Eof | EventFlags.Error | EventFlags.Add,
    ];

    /// <summary>What a program begins with.</summary>
    protected abstract Gen<Step[]> Prelude { get; }

    internal Arbitrary<QueueProgram> Programs()
    {
        Gen<QueueProgram> programs =
            from dialect in Gen.Frequency((5, Gen.Constant(Dialect.FreeBsd)), (1, Gen.Constant(Dialect.NetBsd)), (1, Gen.Constant(Dialect.OpenBsd)), (1, Gen.Constant(Dialect.MacOs)))
            from prelude in Prelude
            from length in Gen.Choose(Shortest, Longest)
            from steps in Gen.ArrayOf(StepOf(dialect), length)
            select new QueueProgram(dialect, [.. prelude, .. steps, new CallStep(Longest, 0)]).Sensible();
        return Arb.From(programs, Shrink);
    }

    protected abstract Gen<Step> StepOf(Dialect dialect);

    protected static Gen<Step> Do(Gen<string> names, Func<string, int, Step> step, int most) =>
        from name in names
        from count in Gen.Choose(1, most)
        select step(name, count);

    protected static Gen<Step> ChangeStep(Gen<Change> change) =>
        from c in change
        from alone in Gen.Choose(0, 2)
        select alone != 0 ? (Step)new AddStep(c) : new PutStep(c);

    protected static Gen<Change> User(Dialect dialect) =>
        from ident in Gen.Choose(1, 3)
        from flags in Flags(dialect, triggers: true)
        from trigger in Gen.Elements(0u, (uint)UserNotes.Trigger, (uint)UserNotes.Trigger)
        from operation in Gen.Elements(0u, 0u, (uint)UserNotes.And, (uint)UserNotes.Or, (uint)UserNotes.Copy)
        from bits in Gen.Choose(0, 7)
        from data in Gen.Choose(0, 3)
        from udata in Gen.Choose(0, 9)
        select new Change($"{ident}", EventFilter.User, flags, trigger | operation | (uint)bits, data, udata);

    protected static Gen<Change> Timer(Dialect dialect, Gen<(uint Notes, long Data)> parameters) =>
        from ident in Gen.Choose(1, 3)
        from flags in Flags(dialect, triggers: false)
        from parameter in parameters
        from udata in Gen.Choose(0, 9)
        select new Change($"{ident}", EventFilter.Timer, flags, parameter.Notes, parameter.Data, udata);

    /// <summary>NOTE_LOWAT only where <paramref name="marked"/> says so.</summary>
    protected static Gen<Change> On(EventFilter filter, Gen<string> names, Dialect dialect, EventFlags without, Func<string, bool> marked) =>
        from name in names
        from flags in Flags(dialect, triggers: false)
        from mark in Gen.Choose(1, 30)
        from udata in Gen.Choose(0, 9)
        select mark <= 5 && marked(name)
            ? new Change(name, filter, flags & ~without, (uint)ReadWriteNotes.LowWater, mark * 2, udata)
            : new Change(name, filter, flags & ~without, 0, 0, udata);

    /// <summary>A filter that is none; 0 is READ on NetBSD.</summary>
    protected static Gen<Change> Unknown(Dialect dialect) =>
        from filter in Gen.Elements<short>(dialect == Dialect.NetBsd ? (short)-100 : (short)0, -100, 3)
        select new Change("1000007", (EventFilter)filter, EventFlags.Add, 3, 1, 1);

    private static Gen<EventFlags> Flags(Dialect dialect, bool triggers)
    {
        Gen<EventFlags> add =
            from attributes in Gen.Frequency((2, Gen.Constant(EventFlags.None)), (3, Gen.Elements(s_attributes)))
            from receipt in Gen.Frequency((12, Gen.Constant(EventFlags.None)), (1, Gen.Constant(EventFlags.Receipt)))
            from disabled in Gen.Frequency((9, Gen.Constant(EventFlags.None)), (1, Gen.Constant(EventFlags.Disable)))
            select EventFlags.Add | attributes | receipt | disabled;
        Gen<EventFlags> odd =
            from flags in Gen.Elements(s_oddFlags)
            select dialect == Dialect.FreeBsd ? flags : flags & ~(EventFlags.ForceOneShot | EventFlags.KeepUData);
        return Gen.Frequency(
            (9, add),
            (triggers ? 8 : 1, Gen.Constant(EventFlags.None)),
            (3, Gen.Constant(EventFlags.Enable)),
            (2, Gen.Constant(EventFlags.Disable)),
            (2, Gen.Constant(EventFlags.Delete)),
            (1, odd));
    }

    private static IEnumerable<QueueProgram> Shrink(QueueProgram program)
    {
        for (int size = program.Steps.Count / 2; size > 0; size /= 2)
        {
            for (int at = 0; at + size <= program.Steps.Count; at += size)
                yield return (program with { Steps = [.. program.Steps.Take(at), .. program.Steps.Skip(at + size)] }).Sensible();
        }

        for (int i = 0; i < program.Steps.Count; i++)
        {
            foreach (Step simpler in Simpler(program.Steps[i]))
                yield return program with { Steps = [.. program.Steps.Take(i), simpler, .. program.Steps.Skip(i + 1)] };
        }
    }

    private static IEnumerable<Step> Simpler(Step step) => step switch
    {
        AddStep add => Simpler(add.Change).Select(c => new AddStep(c)),
        PutStep put => Simpler(put.Change).Select(c => (Step)new PutStep(c)).Prepend(new AddStep(put.Change)),
        CallStep { Milliseconds: > 0 } call => [call with { Milliseconds = 0 }],
        WriteStep { Count: > 1 } write => [write with { Count = 1 }],
        _ => [],
    };

    private static IEnumerable<Change> Simpler(Change change)
    {
        if (change.UData != 0)
            yield return change with { UData = 0 };
        if (change.Filter == EventFilter.User && change.Data != 0)
            yield return change with { Data = 0 };
        for (int bit = 1; bit <= (int)EventFlags.KeepUData; bit <<= 1)
        {
            if (change.Has((EventFlags)bit))
                yield return change with { Flags = change.Flags & ~(EventFlags)bit };
        }

        for (uint bit = 1; change.Filter == EventFilter.User && bit != 0; bit <<= 1)
        {
            if ((change.FFlags & bit) != 0)
                yield return change with { FFlags = change.FFlags & ~bit };
        }
    }
}
