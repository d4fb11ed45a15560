// ChildSupervisor COMMAND...
//
// Keeps commands running: one that ends is started again, after a pause that doubles while it keeps ending soon. SIGTERM or SIGINT ends them
// all: SIGTERM first, and SIGKILL for those that are still there five seconds later.
using System.Runtime.InteropServices;
using ChildSupervisor;
using LibKqueueSharp;

const int SIGINT = 2;
const int SIGKILL = 9;
const int SIGTERM = 15;
const int KillTimer = -1;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: ChildSupervisor COMMAND...");
    return 2;
}

// Watching a signal leaves its default action alone, which here is the end of this process.
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);

using Kqueue queue = new();
queue.Add(SIGINT, EventFilter.Signal);
queue.Add(SIGTERM, EventFilter.Signal);

Child[] children = [.. args.Select((command, index) => new Child(queue, command, index))];
foreach (Child child in children)
    child.Start();

bool isEnding = false;
KEvent[] events = new KEvent[16];
while (!isEnding || children.Any(child => child.IsRunning))
{
    int count = queue.Wait(events, Timeout.InfiniteTimeSpan);
    foreach (KEvent e in events[..count])
    {
        switch (e.Filter)
        {
            case EventFilter.Signal:
                End();
                break;
            case EventFilter.Process:
                children[e.UData].HasEnded(isEnding);
                break;
            case EventFilter.Timer when e.UData == KillTimer:
                SendAll(SIGKILL);
                break;
            case EventFilter.Timer when !isEnding:
                children[e.UData].Start();
                break;
        }
    }
}

Console.WriteLine("all have ended");
return 0;

void End()
{
    if (isEnding)
        return;
    isEnding = true;
    SendAll(SIGTERM);
    queue.AddTimer((nuint)children.Length, TimeSpan.FromSeconds(5), EventFlags.OneShot, KillTimer);
}

void SendAll(int signal)
{
    foreach (Child child in children)
        child.Send(signal);
}
