using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Models;

/// <summary>Random timers and random time, engine against a list of deadlines: every expiration is counted once.</summary>
public sealed class TimerModelTests
{
    private const int Timers = 4;

    [Property(MaxTest = 300, EndSize = 150)]
    public void EngineAndOracleAgree((byte Operation, byte Period)[] operations)
    {
        using TestQueue kq = new();
        Oracle?[] oracle = new Oracle?[Timers];
        List<string> history = [];

        foreach ((byte operation, byte given) in operations)
        {
            int ident = operation / 8 % Timers;
            long period = given % 20 + 1;
            history.Add($"{operation % 8} of {ident}, {period} ms");
            switch (operation % 8)
            {
                case 0 or 1:
                    kq.Apply(Change.Timer((nuint)ident, EventFlags.Add, period));
                    oracle[ident] = new Oracle(Now(kq), period, oracle[ident]?.OneShot ?? false, oracle[ident]?.Disabled ?? false);
                    break;
                case 2 when oracle[ident] is null:
                    kq.Apply(Change.Timer((nuint)ident, EventFlags.Add | EventFlags.OneShot, period));
                    oracle[ident] = new Oracle(Now(kq), period, oneShot: true, disabled: false);
                    break;
                case 3 when oracle[ident] is not null:
                    kq.Apply(Change.Timer((nuint)ident, EventFlags.Delete));
                    oracle[ident] = null;
                    break;
                case 4 when oracle[ident] is { } kn:
                    kn.Disabled = !kn.Disabled;
                    kq.Apply(Change.Timer((nuint)ident, kn.Disabled ? EventFlags.Disable : EventFlags.Enable));
                    break;
                case 5 or 6:
                    kq.Clock.AdvanceMilliseconds(period);
                    break;
                case 7:
                    Check(kq, oracle, history);
                    break;
            }
        }

        kq.Clock.AdvanceMilliseconds(50);
        Check(kq, oracle, history);
    }

    private static void Check(TestQueue kq, Oracle?[] oracle, List<string> history)
    {
        List<(int, long)> expected = [];
        for (int ident = 0; ident < Timers; ident++)
        {
            if (oracle[ident] is not { } kn || kn.Take(Now(kq)) is not (> 0 and var count))
                continue;
            expected.Add((ident, count));
            if (kn.OneShot)
                oracle[ident] = null;
        }

        KEvent[] events = kq.Poll();
        Assert.That(
            events.Select(e => ((int)e.Ident, e.Data)), Is.EquivalentTo(expected), () => $"{string.Join(' ', events)} after {string.Join("; ", history)}");
    }

    private static long Now(TestQueue kq) => kq.Clock.Now / 1_000_000;

    private sealed class Oracle(long start, long period, bool oneShot, bool disabled)
    {
        private long _taken;

        internal bool OneShot { get; } = oneShot;

        internal bool Disabled { get; set; } = disabled;

        internal long Take(long now)
        {
            if (Disabled)
                return 0;
            long expired = OneShot ? Math.Min(1, (now - start) / period) : (now - start) / period;
            (long before, _taken) = (_taken, expired);
            return expired - before;
        }
    }
}
