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

    public static Command Create()
    {
        Command command = new("demo", "Show each filter at work on real descriptors, in a few seconds. Ends with 1 when an event is missing.");
        command.SetAction(_ => new DemoRun(Terminal.Open(), s_patience).Play(Kqueue.DefaultBackend, s_acts));
        return command;
    }
}
