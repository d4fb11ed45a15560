using System.Diagnostics;
using System.Globalization;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>What an act plays on: a queue, names for what it watches, and an audience that sees each event.</summary>
/// <param name="queue">The queue.</param>
/// <param name="line">The audience.</param>
/// <param name="clock">The time since the demo began.</param>
/// <param name="patience">How long to wait for an event that must come.</param>
internal sealed class Stage(Kqueue queue, EventLine line, Stopwatch clock, TimeSpan patience)
{
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(5);

    private readonly List<string> _names = [];

    /// <summary>The queue of the act.</summary>
    public Kqueue Queue => queue;

    /// <summary>How many events were shown.</summary>
    public int Events { get; private set; }

    /// <summary>Gives a name to what will be watched.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The udata of the registration: its events carry it back.</returns>
    public nint Name(string name)
    {
        _names.Add(name);
        return _names.Count - 1;
    }

    /// <summary>Tells what is done to cause the next event.</summary>
    /// <param name="text">The words.</param>
    public void Tell(string text) => line.Remark(clock.Elapsed, text);

    /// <summary>Takes and shows events until the one comes that must.</summary>
    /// <param name="filter">Its filter.</param>
    /// <param name="udata">What is watched.</param>
    /// <param name="meaning">What the event means.</param>
    /// <param name="condition">What else must be true of it.</param>
    /// <exception cref="DemoException">It did not come.</exception>
    public KEvent Expect(EventFilter filter, nint udata, string meaning, Func<KEvent, bool> condition)
    {
        Span<KEvent> events = stackalloc KEvent[1];
        long start = Stopwatch.GetTimestamp();
        KEvent last = default;
        while (true)
        {
            TimeSpan left = patience - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || queue.Wait(events, left) == 0)
                throw new DemoException(Missing(filter, udata, meaning, last));

            KEvent e = events[0];
            bool isExpected = e.Filter == filter && e.UData == udata && condition(e);
            if (isExpected || e != last)
            {
                Events++;
                line.Write(clock.Elapsed, e, NameOf(e), isExpected ? meaning : "(the next one is waited for)");
            }

            if (isExpected)
                return e;
            last = e;
            Thread.Sleep(s_betweenLooks);
        }
    }

    /// <summary>Waits a while in which no event may come.</summary>
    /// <param name="duration">How long.</param>
    /// <param name="meaning">What that shows.</param>
    /// <exception cref="DemoException">An event came.</exception>
    public void ExpectNothing(TimeSpan duration, string meaning)
    {
        Span<KEvent> events = stackalloc KEvent[1];
        if (queue.Wait(events, duration) > 0)
            throw new DemoException($"an event came that must not: {NameOf(events[0])} {events[0]} ({meaning})");
        line.Remark(clock.Elapsed, $"no event: {meaning}");
    }

    private string NameOf(in KEvent e) => e.UData >= 0 && e.UData < _names.Count ? _names[(int)e.UData] : e.Ident.ToString(CultureInfo.InvariantCulture);

    private string Missing(EventFilter filter, nint udata, string meaning, in KEvent last)
    {
        string instead = last == default ? "nothing came" : $"the last event was {NameOf(last)} {last}";
        return $"no {filter} event of {_names[(int)udata]} ({meaning}) within {patience.TotalSeconds:0.#} s; {instead}";
    }
}
