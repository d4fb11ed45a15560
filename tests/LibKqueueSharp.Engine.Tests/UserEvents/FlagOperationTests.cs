using FsCheck;
using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.UserEvents;

/// <summary>USER-FF-001 to USER-FF-009: the stored flags, against an oracle.</summary>
public sealed class FlagOperationTests
{
    private const uint Low = 0x00ff_ffff;

    private static uint Oracle(uint stored, uint change) => (change >> 30) switch
    {
        0 => stored,
        1 => stored & change & Low,
        2 => stored | (change & Low),
        _ => change & Low,
    };

    [Property(MaxTest = 300)]
    public void StoredFlagsFollowTheOperations(
        byte dialect, DoNotSize<uint> created, (byte Operation, DoNotSize<uint> Bits, bool Take)[] changes)
    {
        string name = Dialects.All[dialect % 4];
        using TestQueue kq = new(name);
        uint stored = created.Item & Low;
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.Clear, (UserNotes)stored));
        List<string> history = [$"{name}: created with 0x{stored:x}"];

        foreach ((byte operation, DoNotSize<uint> bits, bool take) in changes)
        {
            // All 32 bits but the trigger's: those between the operation and the low 24 must not get in.
            uint change = ((uint)operation << 30) | (bits.Item & 0x3eff_ffff);
            stored = Oracle(stored, change);
            history.Add($"0x{change:x} => 0x{stored:x}");
            kq.Apply(Change.User(1, notes: (UserNotes)change));
            if (take)
                Check(kq, stored, history);
        }

        Check(kq, stored, history);
    }

    private static void Check(TestQueue kq, uint stored, List<string> history)
    {
        kq.Apply(Change.Trigger(1));
        KEvent[] events = kq.Poll();
        Assert.That(events, Has.Length.EqualTo(1), string.Join(", ", history));
        Assert.That(events[0].FFlags, Is.EqualTo(stored), () => $"{events[0]} after {string.Join(", ", history)}");
    }

    [TestCase(UserNotes.None, 0xf0u)]
    [TestCase(UserNotes.And, 0x30u)]
    [TestCase(UserNotes.Or, 0xfcu)]
    [TestCase(UserNotes.Copy, 0x3cu)]
    public void OperationAndTriggerInOneChange(UserNotes operation, uint expected)
    {
        using TestQueue kq = new();
        kq.Apply(Change.User(1, EventFlags.Add, (UserNotes)0xf0), Change.User(1, notes: UserNotes.Trigger | operation | (UserNotes)0x3c));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, notes: (UserNotes)expected) }));
    }

    [TestCase(Dialects.FreeBsd, 0xc1000005u)]
    [TestCase(Dialects.NetBsd, 0xc1000005u)]
    [TestCase(Dialects.OpenBsd, 0x5u)]
    [TestCase(Dialects.MacOs, 0xc1000005u)]
    public void NotesOfTheFirstAdd(string dialect, uint expected)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add, (UserNotes)0xc1000005), Change.Trigger(1));

        Assert.That(
            kq.Poll(), Is.EqualTo(new[] { Change.User(1, Dialects.Shown(dialect, EventFlags.Add), (UserNotes)expected) }));
    }

    [TestCase(0xc0000005u, 5u)]
    [TestCase(0x80000005u, 5u)]
    [TestCase(0x40000005u, 0u)]
    [TestCase(0x00000005u, 0u)]
    public void NotesOfTheFirstAddMayBeAnOperationOnZero(uint given, uint expected)
    {
        using TestQueue kq = new(Dialect.FreeBsd with { UserCreation = UserCreationPolicy.Applied });
        kq.Apply(Change.User(1, EventFlags.Add, (UserNotes)given), Change.Trigger(1));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, notes: (UserNotes)expected) }));
    }
}
