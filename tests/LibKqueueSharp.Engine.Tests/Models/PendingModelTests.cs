using FsCheck;
using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Models;

/// <summary>KQ-POLL-004: a descriptor that shows nothing pending must tell the truth, whatever was done to the queue.</summary>
public sealed class PendingModelTests
{
    [Property(MaxTest = 300, EndSize = 150)]
    public void NothingPendingMeansNothingToTake(byte dialect, (byte Operation, DoNotSize<ushort> Flags)[] operations)
    {
        using TestQueue kq = new(Dialects.All[dialect % 4]);
        _ = kq.Queue.Descriptor;
        kq.Poller.Open(0, 1, 2);
        List<string> history = [];

        foreach ((byte operation, DoNotSize<ushort> flags) in operations)
        {
            nuint ident = (nuint)(operation / 8 % 3);
            KEvent change = (operation % 8) switch
            {
                0 => Change.Timer(ident, EventFlags.Add | Attributes(flags), flags.Item % 10 + 1),
                1 => Change.User(ident, EventFlags.Add | Attributes(flags)),
                2 => Change.Read(ident, EventFlags.Add | Attributes(flags)),
                3 => new KEvent(ident, (flags.Item & 1) != 0 ? EventFilter.Read : EventFilter.User, Attributes(flags)),
                4 => Change.Trigger(ident),
                _ => default,
            };
            history.Add($"{operation % 8} {change}");
            switch (operation % 8)
            {
                case 5:
                    kq.Poller.Write(ident, 1);
                    break;
                case 6:
                    kq.Poller.Drain(ident);
                    kq.Clock.AdvanceMilliseconds(2);
                    break;
                case 7:
                    kq.Poll(flags.Item % 3 + 1);
                    break;
                default:
                    kq.Try(change);
                    break;
            }

            bool silent = !kq.Poller.IsPending && kq.Poller.Alarm > kq.Clock.Now && !kq.Poller.HasReady;
            Assert.That(silent && kq.Poll(1).Length != 0, Is.False, () => string.Join('\n', history));
        }
    }

    private static EventFlags Attributes(DoNotSize<ushort> flags) => (EventFlags)flags.Item
        & (EventFlags.Clear | EventFlags.OneShot | EventFlags.Dispatch | EventFlags.Enable | EventFlags.Disable | EventFlags.ForceOneShot);
}
