using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests.SystemCalls;

/// <summary>
/// Loops whose system calls are counted from outside: run by the child that strace watches. Each is announced by access(2) on a path
/// that nobody has.
/// </summary>
internal static class Scenarios
{
    /// <summary>The argument that makes the test program the child.</summary>
    internal const string Argument = "--system-calls";

    /// <summary>How often the measured part of each runs.</summary>
    internal const int Iterations = 100;

    /// <summary>Descriptors that are ready at once.</summary>
    internal const int Ready = 5;

    private const string Marker = "/libkqueuesharp-marker/";
    private const int WarmUp = 50;

    internal static int Run()
    {
        foreach ((string name, Action<Scenario> prepare) in All)
        {
            using Scenario scenario = new();
            prepare(scenario);
            for (int i = 0; i < WarmUp; i++)
                scenario.Step();
            _ = Posix.Access($"{Marker}{name}/begin", 0);
            for (int i = 0; i < Iterations; i++)
                scenario.Step();
            _ = Posix.Access($"{Marker}{name}/end", 0);
        }

        return 0;
    }

    internal static string Begin(string name) => $"\"{Marker}{name}/begin\"";

    internal static string End(string name) => $"\"{Marker}{name}/end\"";

    private static IEnumerable<(string Name, Action<Scenario> Prepare)> All =>
    [
        ("idle-level", s => Idle(s, EventFlags.None)),
        ("idle-edge", s => Idle(s, EventFlags.Clear)),
        ("idle-users-and-timers", s =>
        {
            s.Queue.Add(1, EventFilter.User);
            s.Queue.Add(1, EventFilter.Timer, data: 1_000_000);
            s.Step = s.Collect;
        }),
        ("idle-after-a-closed-number", s =>
        {
            // The number is used again by another file, which is registered and deleted: nothing is left to ask the kernel about.
            Pair old = s.NewPair(PairKind.Pipe);
            Pair next = s.NewPair(PairKind.Pipe);
            s.Queue.AddRead(old.A);
            Tmds.Linux.LibC.dup2(next.A, old.A);
            s.Queue.Add(old.A, EventFilter.Except);
            s.Queue.Delete(old.A, EventFilter.Except);
            s.Step = s.Collect;
        }),
        ("ready-level-pipe", s => ReadyLevel(s, PairKind.Pipe)),
        ("ready-level-unix", s => ReadyLevel(s, PairKind.UnixStream)),
        ("ready-level-tcp", s => ReadyLevel(s, PairKind.Tcp)),
        ("ready-level-udp", s => ReadyLevel(s, PairKind.Udp)),
        ("read-edge-pipe", s => ReadLoop(s, PairKind.Pipe, EventFlags.Clear)),
        ("read-edge-unix", s => ReadLoop(s, PairKind.UnixStream, EventFlags.Clear)),
        ("read-edge-tcp", s => ReadLoop(s, PairKind.Tcp, EventFlags.Clear)),
        ("read-level-tcp", s => ReadLoop(s, PairKind.Tcp, EventFlags.None)),
        ("read-dispatch-pipe", s => ReadLoop(s, PairKind.Pipe, EventFlags.Dispatch)),
        ("read-dispatch-tcp", s => ReadLoop(s, PairKind.Tcp, EventFlags.Dispatch)),
        ("read-dispatch-edge-tcp", s => ReadLoop(s, PairKind.Tcp, EventFlags.Dispatch | EventFlags.Clear)),
        ("disable-enable-level", s => DisableEnable(s, EventFlags.None)),
        ("disable-enable-edge", s => DisableEnable(s, EventFlags.Clear)),
        ("user-trigger-and-collect", s =>
        {
            s.Queue.Add(1, EventFilter.User, EventFlags.Clear);
            s.Step = () =>
            {
                s.Queue.Trigger(1);
                s.Collect();
            };
        }),
        ("timer-arm-and-disarm", s => s.Step = () =>
        {
            s.Queue.Add(1, EventFilter.Timer, data: 100_000);
            s.Queue.Delete(1, EventFilter.Timer);
        }),
        ("add-and-delete", s =>
        {
            Pair pair = s.NewPair(PairKind.UnixStream);
            s.Step = () =>
            {
                s.Queue.AddRead(pair.A);
                s.Queue.Delete(pair.A, EventFilter.Read);
            };
        }),
        ("ready-write-tcp", s =>
        {
            for (int i = 0; i < Ready; i++)
                s.Queue.AddWrite(s.NewPair(PairKind.Tcp).A);
            s.Step = s.Collect;
        }),
    ];

    private static void Idle(Scenario s, EventFlags flags)
    {
        foreach (PairKind kind in new[] { PairKind.Pipe, PairKind.UnixStream, PairKind.Tcp })
        {
            Pair pair = s.NewPair(kind);
            s.Queue.AddRead(pair.A, flags);
            pair.B.Write(1);
            s.Queue.WaitOne();
            pair.A.Read(1);
            s.Queue.Poll();
        }

        s.Step = s.Collect;
    }

    private static void ReadyLevel(Scenario s, PairKind kind)
    {
        for (int i = 0; i < Ready; i++)
        {
            Pair pair = s.NewPair(kind);
            s.Queue.AddRead(pair.A);
            pair.B.Write(1);
            Eventually.Holds(() => pair.A.Readable() == 1, "the byte");
        }

        s.Step = s.Collect;
    }

    private static void ReadLoop(Scenario s, PairKind kind, EventFlags flags)
    {
        Pair pair = s.NewPair(kind);
        s.Queue.AddRead(pair.A, flags);
        byte[] buffer = new byte[4];
        s.Step = () =>
        {
            pair.B.TryWrite(buffer.AsSpan(0, 1));
            s.Collect();
            pair.A.TryRead(buffer);
            if ((flags & EventFlags.Dispatch) != 0)
                s.Queue.Enable(pair.A, EventFilter.Read);
        };
    }

    private static void DisableEnable(Scenario s, EventFlags flags)
    {
        Pair pair = s.NewPair(PairKind.UnixStream);
        s.Queue.AddRead(pair.A, flags);
        s.Step = () =>
        {
            s.Queue.Disable(pair.A, EventFilter.Read);
            s.Queue.Enable(pair.A, EventFilter.Read);
        };
    }
}
