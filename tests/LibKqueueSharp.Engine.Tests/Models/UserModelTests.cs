using FsCheck;
using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Models;

/// <summary>Random changes and scans of user events, engine against oracle: same errors, same events, same order.</summary>
public sealed class UserModelTests
{
    private const EventFlags Actions = EventFlags.Enable | EventFlags.Disable | EventFlags.Clear | EventFlags.OneShot
        | EventFlags.Dispatch | EventFlags.ForceOneShot | EventFlags.KeepUData;

    [Property(MaxTest = 500, EndSize = 200)]
    public void EngineAndOracleAgree((byte Operation, DoNotSize<ushort> Flags, DoNotSize<uint> Notes)[] operations)
    {
        using TestQueue kq = new();
        UserOracle oracle = new();
        List<string> history = [];

        for (int step = 0; step < operations.Length; step++)
        {
            (byte operation, DoNotSize<ushort> flags, DoNotSize<uint> notes) = operations[step];
            if (operation % 4 == 0)
            {
                int room = operation / 4 % 4 + 1;
                history.Add($"scan {room}");
                Assert.That(kq.Poll(room), Is.EqualTo(oracle.Scan(room)), () => string.Join('\n', history));
                continue;
            }

            KEvent change = ToChange(operation, (EventFlags)flags.Item, notes.Item, step);
            history.Add(change.ToString());
            Assert.That(kq.Try(change), Is.EqualTo(oracle.Register(change)), () => string.Join('\n', history));
            Assert.That(kq.Queue.KnoteCount, Is.EqualTo(oracle.Count), () => string.Join('\n', history));
        }

        Assert.That(kq.Poll(100), Is.EqualTo(oracle.Scan(100)), () => string.Join('\n', history));
    }

    private static KEvent ToChange(byte operation, EventFlags random, uint notes, int step)
    {
        // Rare flags are rarer than a fair coin, or nothing would live long enough to be delivered.
        EventFlags flags = random & Actions;
        if ((notes & 0x30) != 0)
            flags &= ~(EventFlags.ForceOneShot | EventFlags.KeepUData);
        if ((notes & 0xc0) != 0)
            flags &= ~(EventFlags.OneShot | EventFlags.Clear);
        if ((random & (EventFlags)0x0c00) == 0)
            flags |= EventFlags.Delete;
        if (operation % 4 == 1 || (random & (EventFlags)0x1000) != 0)
            flags |= EventFlags.Add;
        return new KEvent((nuint)(operation / 4 % 3), EventFilter.User, flags, notes, step, 1000 + step);
    }
}
