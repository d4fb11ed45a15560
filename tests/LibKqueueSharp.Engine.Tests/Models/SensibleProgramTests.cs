using LibKqueueSharp.Model.Programs;

namespace LibKqueueSharp.Engine.Tests.Models;

/// <summary>What a generated program may not do, since its answers would not show what happened.</summary>
public sealed class SensibleProgramTests
{
    private static readonly PairStep s_pair = new("s");
    private static readonly PairStep s_other = new("u");
    private static readonly CloseStep s_close = new("s.a");
    private static readonly CallStep s_call = new(1, 0);

    private static PutStep Finds => new(Read("u.a", 0));

    [Test]
    public void NothingIsClosedBetweenAChangeThatOnlyFindsAndItsCall() =>
        Assert.That(Sensible(s_pair, s_other, Finds, s_close, s_call), Is.EqualTo(new Step[] { s_pair, s_other, Finds, s_call }));

    [Test]
    public void NoChangeThatOnlyFindsIsPutAsideAfterAClose() =>
        Assert.That(Sensible(s_pair, s_other, s_close, Finds, s_call), Is.EqualTo(new Step[] { s_pair, s_other, s_close, s_call }));

    [Test]
    public void ANumberIsClosedAfterTheCall() =>
        Assert.That(Sensible(s_pair, s_other, Finds, s_call, s_close), Is.EqualTo(new Step[] { s_pair, s_other, Finds, s_call, s_close }));

    private static Change Read(string ident, EventFlags flags) => new(ident, EventFilter.Read, flags, 0, 0, 0);

    private static IReadOnlyList<Step> Sensible(params Step[] steps) => new QueueProgram(Dialect.FreeBsd, steps).Sensible().Steps;
}
