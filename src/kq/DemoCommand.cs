using System.CommandLine;
using LibKqueueSharp.Kq.Demo;

namespace LibKqueueSharp.Kq;

/// <summary><c>kq demo</c>.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private static readonly Act[] s_acts =
    [
        new PipeAct(),
        new ConnectionAct(),
        new GrowingFileAct(),
        new ChangedFileAct(),
        new ExitAct(),
        new ForkAct(),
        new ProcessDescriptorAct(),
        new SignalAct(),
        new MountAct(),
        new AsynchronousAct(),
        new PeriodicTimerAct(),
        new DeadlineAct(),
        new UserEventAct(),
        new DispatchAct(),
        new NestedQueueAct(),
        new UrgentDataAct(),
        new SendBufferAct(),
    ];

    private static readonly BackendOptions s_backend =
        new("The backend to show, bsd with --library and --abi; this system's by default.", "NAME", checks: false);

    public static Command Create()
    {
        Command command = new("demo", "Show each filter at work on real descriptors, in a few seconds. Ends with 1 when an event is missing.");
        s_backend.AddTo(command);
        command.SetAction(parsed => new DemoRun(Terminal.Open(), s_patience).Play(s_backend.Read(parsed).Find(), s_acts));
        return command;
    }
}
