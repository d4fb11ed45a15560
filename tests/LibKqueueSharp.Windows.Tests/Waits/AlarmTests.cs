using System.Runtime.InteropServices;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows.Tests.Waits;

/// <summary>The timer that ends short sleeps in time, over packets that Wine lacks. Its port's own timeouts are of no help here.</summary>
internal sealed class AlarmTests : IDisposable
{
    private const nuint Key = 6;
    private const long Millisecond = 1_000_000;

    private readonly QueueClock _clock = new(TimeProvider.System);
    private readonly nint _port;

    public AlarmTests() => Assert.That(Sys.CreatePort(out _port), Is.EqualTo(Errno.None));

    public void Dispose() => Sys.Close(_port);

    [Test]
    public void WakesOnceAndNotEarly([Values(1, 5, 15)] int milliseconds)
    {
        using PreciseAlarm alarm = Create(new StandInPackets());
        long deadline = _clock.Now + (milliseconds * Millisecond);
        alarm.Enter(deadline, _clock.Now);
        nint setting = Take(TestQueue.Patience)!.Value;
        Assert.That(_clock.Now, Is.GreaterThanOrEqualTo(deadline - Millisecond));
        alarm.Leave(deadline);
        alarm.Taken(setting, _clock);
        Assert.That(Take(TestQueue.Silence), Is.Null);
    }

    [Test]
    public void EarlierOneFirst()
    {
        using PreciseAlarm alarm = Create(new StandInPackets());
        long late = _clock.Now + (600 * Millisecond);
        long soon = _clock.Now + (5 * Millisecond);
        alarm.Enter(late, _clock.Now);
        alarm.Enter(soon, _clock.Now);
        nint setting = Take(TestQueue.Patience)!.Value;
        Assert.That(_clock.Now, Is.LessThan(late));
        alarm.Leave(soon);
        alarm.Taken(setting, _clock);
        Assert.That(Take(TestQueue.Patience), Is.EqualTo(setting + 1));
        Assert.That(_clock.Now, Is.GreaterThanOrEqualTo(late - Millisecond));
    }

    /// <summary>Another thread was woken, and tells of it after the alarm has been set again.</summary>
    [Test]
    public void TakenBeforeItIsSetAgain()
    {
        using PreciseAlarm alarm = Create(new StandInPackets());
        long first = _clock.Now + Millisecond;
        alarm.Enter(first, _clock.Now);
        nint setting = Take(TestQueue.Patience)!.Value;
        alarm.Leave(first);
        long second = first - 1;
        alarm.Enter(second, _clock.Now);
        alarm.Taken(setting, _clock);
        Assert.That(Take(TestQueue.Patience), Is.EqualTo(setting + 1));
    }

    /// <summary>The system may refuse to take a packet back; then it comes, and the alarm is set for who is left.</summary>
    [Test]
    public void PacketThatIsNotTakenBack()
    {
        using PreciseAlarm alarm = Create(new StandInPackets { LeavesPackets = true });
        long first = _clock.Now + Millisecond;
        alarm.Enter(first, _clock.Now);
        Thread.Sleep(TestQueue.Silence);
        alarm.Leave(first);
        long second = _clock.Now + (200 * Millisecond);
        alarm.Enter(first - 1, _clock.Now);
        alarm.Leave(first - 1);
        alarm.Enter(second, _clock.Now);
        nint setting = Take(TestQueue.Patience)!.Value;
        Assert.That(_clock.Now, Is.LessThan(second));
        alarm.Taken(setting, _clock);
        Assert.That(Take(TestQueue.Patience), Is.EqualTo(setting + 1));
        Assert.That(_clock.Now, Is.GreaterThanOrEqualTo(second - Millisecond));
    }

    [Test]
    public void TimersOfAQueueAreNeverEarly()
    {
        StandInPackets packets = new();
        using TestQueue kq = new(backend: new OpenBackend(packets));
        for (int milliseconds = 1; milliseconds <= 15; milliseconds += 2)
        {
            long began = _clock.Now;
            kq.Add(1, EventFilter.Timer, EventFlags.OneShot, data: milliseconds);
            Assert.That(kq.One().Data, Is.EqualTo(1));
            Assert.That(_clock.Now - began, Is.GreaterThanOrEqualTo(milliseconds * Millisecond));
        }

        Assert.That(packets.Associations, Is.GreaterThanOrEqualTo(8));
    }

    [Test]
    public void TimerMovedAndRemovedWhileItIsWaitedFor()
    {
        StandInPackets packets = new();
        using TestQueue kq = new(backend: new OpenBackend(packets));
        KEvent[] events = new KEvent[1];
        for (int i = 0; i < 20; i++)
        {
            // On a busy machine it may have fired by then.
            kq.Add(1, EventFilter.Timer, EventFlags.OneShot, data: 5);
            kq.Queue.Wait(events, TimeSpan.FromMilliseconds(1));
            kq.Add(1, EventFilter.Timer, EventFlags.OneShot, data: 100_000);
            Assert.That(kq.Queue.Wait(events, TimeSpan.FromMilliseconds(8)), Is.Zero);
            kq.Apply(1, EventFilter.Timer, EventFlags.Delete);
        }

        kq.Quiet();
        Assert.That(packets.Associations, Is.Not.Zero);
    }

    private PreciseAlarm Create(StandInPackets packets)
    {
        PreciseAlarm? alarm = PreciseAlarm.Create(packets, _port, Key);
        Assert.That(alarm, Is.Not.Null, "there are no high-resolution timers");
        return alarm!;
    }

    /// <summary>What the next packet carries; null when none comes.</summary>
    private nint? Take(TimeSpan patience)
    {
        Span<byte> scratch = stackalloc byte[32];
        if (Sys.TakePackets(_port, scratch, (uint)patience.TotalMilliseconds) == 0)
            return null;
        Native.Packet packet = MemoryMarshal.Read<Native.Packet>(scratch);
        Assert.That(packet.Key, Is.EqualTo(Key));
        return packet.Context;
    }
}
