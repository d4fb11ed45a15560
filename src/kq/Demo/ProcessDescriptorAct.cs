using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>PROCDESC: a process behind a descriptor, which no other process can take the number of.</summary>
internal sealed class ProcessDescriptorAct : Act
{
    /// <summary>The same number on every architecture.</summary>
    private const int SYS_pidfd_open = 434;

    public override string Title => "PROCDESC: a process behind a descriptor is killed";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.ProcessDescriptor];

    public override void Play(Stage stage)
    {
        using Child child = Child.Start("exec sleep 60");
        using SafeFileHandle pidfd = new(Native.SystemCall(SYS_pidfd_open, child.Id, 0), ownsHandle: true);
        if (pidfd.IsInvalid)
            throw new LeftOutException($"pidfd_open is refused: {Marshal.GetLastPInvokeErrorMessage()}");
        nint process = stage.Name("pidfd of a child");
        stage.Queue.Add(pidfd, EventFilter.ProcessDescriptor, notes: (uint)ProcessNotes.Exit, udata: process);
        stage.ExpectNothing(TimeSpan.FromMilliseconds(20), "it runs");

        stage.Tell("send it SIGTERM");
        _ = SignalNames.TryParse("TERM", out int terminate);
        _ = Native.Kill(child.Id, terminate);
        KEvent end = stage.Expect(EventFilter.ProcessDescriptor, process, "is its wait status", e => e.Data == terminate);
        stage.Tell($"in words: it was {WaitStatus.Describe(end.Data)}");
    }
}
