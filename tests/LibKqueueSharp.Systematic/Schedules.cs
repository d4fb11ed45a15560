using LibKqueueSharp.Emulation;
using Microsoft.Coyote.Runtime;
using Microsoft.Coyote.Specifications;
using Microsoft.Coyote.SystematicTesting;

namespace LibKqueueSharp.Systematic;

/// <summary>THR-001 to THR-006 under schedules that Coyote chooses. A lost wake-up is a deadlock, which it sees at once.</summary>
public static class Schedules
{
    /// <summary>A trigger against a thread that goes to sleep.</summary>
    [Test]
    public static void TriggerAgainstSleep()
    {
        EmulatedQueue queue = NewQueue(1);
        Thread waiter = Start(() => Take(queue));
        Trigger(queue, 1);
        waiter.Join();
    }

    /// <summary>Two events, two waiters with room for one each: who leaves wakes the other.</summary>
    [Test]
    public static void TwoEventsForTwoWaiters()
    {
        EmulatedQueue queue = NewQueue(1, 2);
        Thread first = Start(() => Take(queue));
        Thread second = Start(() => Take(queue));
        Trigger(queue, 1, 2);
        first.Join();
        second.Join();
    }

    /// <summary>A trigger races with a deletion; once that has returned, a poll finds nothing.</summary>
    [Test]
    public static void DeleteAgainstTrigger()
    {
        EmulatedQueue queue = NewQueue(1);
        Thread trigger = Start(() => queue.Kevent([Change(1, 0, UserNotes.Trigger)], [], KeventTimeout.Zero, null, out _));
        Apply(queue, Change(1, EventFlags.Delete));
        int count = queue.Kevent([], new KEvent[1], KeventTimeout.Zero, null, out _);
        Specification.Assert(count == 0, $"{count} events after EV_DELETE");
        trigger.Join();
    }

    /// <summary>Dispose against a waiter, a trigger and an interruption: all end.</summary>
    [Test]
    public static void DisposeAgainstEverything()
    {
        EmulatedQueue queue = NewQueue(1);
        WaitCancellation cancellation = new();
        Thread waiter = Start(() =>
        {
            while (queue.Kevent([], new KEvent[1], KeventTimeout.Infinite, cancellation, out _) > 0)
            {
            }
        });
        Thread trigger = Start(() => queue.Kevent([Change(1, 0, UserNotes.Trigger)], [], KeventTimeout.Zero, null, out _));
        Thread interrupter = Start(() => queue.Interrupt(cancellation));
        queue.Dispose();
        waiter.Join();
        trigger.Join();
        interrupter.Join();
    }

    private static EmulatedQueue NewQueue(params ReadOnlySpan<nuint> users)
    {
        SwitchPoint.Delay = SchedulingPoint.Interleave;
        EmulatedQueue queue = new(new MonitorPoller(), Dialect.FreeBsd, TimeProvider.System);
        foreach (nuint user in users)
            Apply(queue, Change(user, EventFlags.Add | EventFlags.Clear));
        return queue;
    }

    private static Thread Start(Action work)
    {
        Thread thread = new(() => work());
        thread.Start();
        return thread;
    }

    private static KEvent Change(nuint ident, EventFlags flags, UserNotes notes = UserNotes.None) =>
        new(ident, EventFilter.User, flags, (uint)notes);

    private static void Trigger(EmulatedQueue queue, params ReadOnlySpan<nuint> users)
    {
        foreach (nuint user in users)
            Apply(queue, Change(user, 0, UserNotes.Trigger));
    }

    private static void Apply(EmulatedQueue queue, KEvent change)
    {
        int result = queue.Kevent([change], [], KeventTimeout.Zero, null, out Errno error);
        Specification.Assert(result == 0, $"{change}: {error}");
    }

    private static void Take(EmulatedQueue queue)
    {
        int count = queue.Kevent([], new KEvent[1], KeventTimeout.Infinite, null, out Errno error);
        Specification.Assert(count == 1, $"a wait returned {count}, {error}");
    }
}
