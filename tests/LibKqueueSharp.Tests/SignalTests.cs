using System.Runtime.Versioning;
using static LibKqueueSharp.Bsd;

namespace LibKqueueSharp.Tests;

/// <summary>A signal that is handled during a wait.</summary>
[UnsupportedOSPlatform("windows")]
[Platform(Exclude = "Win", Reason = "Windows has no signals.")]
public sealed class SignalTests
{
    [Test]
    public async Task SignalDoesNotEndAWait()
    {
        using Kqueue queue = new();
        KEvent[] events = new KEvent[1];
        KEvent add = new(1, EventFilter.User, EventFlags.Add | EventFlags.Clear);
        using SignalledThread<int> waiter = new(() => queue.Control([add], events, Support.Long));
        for (int i = 0; i < 5; i++)
            waiter.Signal();
        bool early = waiter.Result.IsCompleted;
        queue.Trigger(1, data: 4);
        int count = await waiter.Result.WaitAsync(Support.Long);
        Assert.Multiple(() =>
        {
            Assert.That(early, Is.False, "the wait ended");
            Assert.That(count, Is.EqualTo(1));
            Assert.That(events[0].Data, Is.EqualTo(4), events[0].ToString());
        });
    }

    [Test]
    public async Task SignalEndsAWaitByTheCName()
    {
        int kq = kqueue();
        KEvent add = new(1, EventFilter.User, EventFlags.Add);
        using SignalledThread<(int, Errno)> waiter = new(() => (kevent(kq, [add], new KEvent[1], null), errno));
        for (int i = 0; i < 100 && !waiter.Result.IsCompleted; i++)
            waiter.Signal();
        (int, Errno) result = await waiter.Result.WaitAsync(Support.Long);
        EV_SET(out KEvent delete, 1, EVFILT_USER, EV_DELETE);
        Assert.Multiple(() =>
        {
            Assert.That(result, Is.EqualTo((-1, Errno.EINTR)));
            Assert.That(kevent(kq, [delete], null, null), Is.Zero, "the change was not applied");
        });
        close(kq);
    }
}
