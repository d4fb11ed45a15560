namespace LibKqueueSharp.Kq.Tests;

public sealed class DurationTests
{
    [TestCase("7ns", 7, TimerNotes.Nanoseconds)]
    [TestCase("7us", 7, TimerNotes.Microseconds)]
    [TestCase("500ms", 500, TimerNotes.Milliseconds)]
    [TestCase("0s", 0, TimerNotes.Seconds)]
    public void NumberAndUnitAreKept(string text, long number, TimerNotes unit)
    {
        Assert.That(Duration.TryParse(text, out Duration duration), text);
        Assert.That(duration, Is.EqualTo(new Duration(number, unit)));
        Assert.That(duration.ToString(), Is.EqualTo(text));
    }

    [TestCase("")]
    [TestCase("ms")]
    [TestCase("5")]
    [TestCase("5m")]
    [TestCase("-5ms")]
    [TestCase("1.5s")]
    [TestCase("5 ms")]
    [TestCase("99999999999999999999s")]
    public void WhatIsNoDurationIsRefused(string text) => Assert.That(Duration.TryParse(text, out _), Is.False);

    [TestCase("1ns", 1)]
    [TestCase("101ns", 2)]
    [TestCase("1us", 10)]
    [TestCase("3ms", 30_000)]
    [TestCase("2s", 20_000_000)]
    public void TimeSpanIsNeverShorter(string text, long ticks)
    {
        Assert.That(Duration.TryParse(text, out Duration duration), text);
        Assert.That(duration.ToTimeSpan().Ticks, Is.EqualTo(ticks));
    }

    [Test]
    public void TooLongToCountHasNoEnd()
    {
        Assert.That(Duration.TryParse($"{long.MaxValue}s", out Duration duration));
        Assert.That(duration.ToTimeSpan(), Is.EqualTo(Timeout.InfiniteTimeSpan));
    }
}
