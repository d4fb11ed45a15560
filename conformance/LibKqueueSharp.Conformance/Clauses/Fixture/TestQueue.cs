using System.Diagnostics;
using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>A queue of a clause. Where a change wants a descriptor, it stands for its own.</summary>
internal sealed class TestQueue(ClauseTest test, BackendQueue queue, string name) : QueueVerbs
{
    private const int PollIn = 1;
    private const int PollOut = 4;
    private const long Untouched = 0x5a5a_5a5a;

    /// <summary>What the eventlist is filled with before each call.</summary>
    public static KEvent Sentinel { get; } = new(0x5a5a, (EventFilter)0x5a5a, (EventFlags)0x5a5a, 0x5a5a, Untouched, 0x5a5a);

    public BackendQueue Backend => queue;

    public nuint Ident => (nuint)queue.Descriptor.DangerousGetHandle();

    protected override ClauseTest Test => test;

    public static implicit operator nuint(TestQueue queue) => queue.Ident;

    /// <summary>
    /// Makes a call. A signal that the runtime handles must not end a wait that the clause wants whole, so the rest is
    /// waited for; <see cref="CallOnce"/> does not.
    /// </summary>
    public override CallResult Call(ReadOnlySpan<KEvent> changes, int room, KeventTimeout timeout)
    {
        long began = Stopwatch.GetTimestamp();
        CallResult result = CallOnce(changes, room, timeout);
        while (result is { Count: < 0, Error: Errno.EINTR })
            result = CallOnce([], room, Remaining(timeout, began));
        return result with { Elapsed = Stopwatch.GetElapsedTime(began) };
    }

    /// <summary>A call that ends with EINTR where a handled signal came.</summary>
    public CallResult CallOnce(ReadOnlySpan<KEvent> changes, int room, KeventTimeout timeout, WaitCancellation? cancellation = null)
    {
        test.Settle();
        CallResult result = Quietly(changes, room, timeout, cancellation);
        test.Uses.Returned(result.Events);
        test.Transcript.Write($"{name}: kevent({Transcript.Text(changes.ToArray())}, room {room}, {timeout}) = {result}");
        return result;
    }

    /// <summary>Makes changes that must succeed, for races: without a line in the transcript, and only while no other thread has failed.</summary>
    public void ChangeQuietly(params ReadOnlySpan<KEvent> changes) => Quietly(changes, 0, KeventTimeout.Zero, null).MustReturn(0);

    /// <summary>Takes what is ready now, for races as <see cref="ChangeQuietly"/>.</summary>
    public KEvent[] PollQuietly(int room) => CollectQuietly(room, KeventTimeout.Zero);

    /// <summary>Takes events, for races as <see cref="ChangeQuietly"/>.</summary>
    public KEvent[] CollectQuietly(int room, KeventTimeout timeout)
    {
        CallResult result = Quietly([], room, timeout, null);
        return result.Count >= 0 || result.Error == Errno.EINTR ? result.Events : throw new ClauseFailedException($"kevent failed: {result}");
    }

    /// <summary>Starts a thread that waits in kevent; returns when it does, or is about to.</summary>
    public Waiter Wait(int room = 1) => test.Wait(this, room, KeventTimeout.Infinite);

    /// <summary>Starts several threads that wait in kevent, each for one event.</summary>
    public Waiter[] WaitTogether(int count) => [.. Enumerable.Range(0, count).Select(_ => Wait())];

    /// <summary>Waits until the queue's descriptor can be read; false when it still cannot after the time.</summary>
    public bool IsReadable(int milliseconds = 0) => (PollDescriptor(forWriting: false, milliseconds) & PollIn) != 0;

    /// <summary>Whether poll(2) says that the queue's descriptor can be written.</summary>
    public bool IsWritable() => (PollDescriptor(forWriting: true, 0) & PollOut) != 0;

    /// <summary>Closes the queue.</summary>
    public void Close()
    {
        test.Transcript.Write($"{name}: close");
        queue.Dispose();
    }

    public void Interrupt(WaitCancellation cancellation) => queue.Interrupt(cancellation);

    private long PollDescriptor(bool forWriting, int milliseconds)
    {
        long began = Stopwatch.GetTimestamp();
        HostAnswer answer;
        do
        {
            int left = Math.Max(0, milliseconds - (int)Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            answer = test.QueueDescriptors.Poll(queue.Descriptor, !forWriting, forWriting, left);
        }
        while (answer.Error == "EINTR");
        return test.Must($"poll({name}, {milliseconds} ms)", answer);
    }

    private CallResult Quietly(ReadOnlySpan<KEvent> changes, int room, KeventTimeout timeout, WaitCancellation? cancellation)
    {
        test.ThrowIfAnotherThreadFailed();
        test.Uses.Given(changes);
        KEvent[] events = new KEvent[room];
        Array.Fill(events, Sentinel);
        long began = Stopwatch.GetTimestamp();
        int count = queue.Kevent(changes, events, timeout, cancellation, out Errno error);
        return new(count, error, events, Stopwatch.GetElapsedTime(began));
    }

    private static KeventTimeout Remaining(KeventTimeout timeout, long began)
    {
        if (timeout.IsInfinite)
            return timeout;
        TimeSpan rest = TimeSpan.FromMicroseconds(timeout.Nanoseconds / 1000.0) - Stopwatch.GetElapsedTime(began);
        return KeventTimeout.FromTimeSpan(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
    }
}
