using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>SIGNAL: an ignored one, and one with a handler, which both stay what they are.</summary>
internal sealed class SignalAct : Act
{
    public override string Title => "SIGNAL: ignored, and beside a handler";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.Signal];

    public override void Play(Stage stage)
    {
        int ignored = Number("WINCH");
        nint window = stage.Name("SIGWINCH");
        stage.Queue.Add(ignored, EventFilter.Signal, udata: window);
        stage.Tell("send SIGWINCH to this process, where it has no effect");
        _ = Native.Kill(Environment.ProcessId, ignored);
        stage.Expect(EventFilter.Signal, window, "signal came", e => e.Data == 1);

        int handled = Number("USR1");
        using ManualResetEventSlim ran = new();
        using PosixSignalRegistration handler = PosixSignalRegistration.Create((PosixSignal)handled, context =>
        {
            context.Cancel = true;
            ran.Set();
        });
        nint user = stage.Name("SIGUSR1");
        stage.Queue.Add(handled, EventFilter.Signal, udata: user);
        stage.Tell("send SIGUSR1, for which there is a handler");
        _ = Native.Kill(Environment.ProcessId, handled);
        stage.Expect(EventFilter.Signal, user, "signal came", e => e.Data == 1);
        if (!ran.Wait(TimeSpan.FromSeconds(3)))
            throw new DemoException("the handler of SIGUSR1 did not run");
        stage.Tell("the handler ran too");
    }

    private static int Number(string name) =>
        SignalNames.TryParse(name, out int number) ? number : throw new LeftOutException($"this system has no signal {name}");
}
