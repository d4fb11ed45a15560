namespace LibKqueueSharp.Engine.Tests.Simulation;

/// <summary>Assertions that show whole events when they fail.</summary>
internal static class Expect
{
    internal static void Idents(KEvent[] events, params nuint[] idents) =>
        Assert.That(events.Select(e => e.Ident), Is.EqualTo(idents), () => string.Join(' ', events));

    internal static void IdentsInAnyOrder(KEvent[] events, params nuint[] idents) =>
        Assert.That(events.Select(e => e.Ident), Is.EquivalentTo(idents), () => string.Join(' ', events));

    internal static void Count(KEvent[] events, int count) =>
        Assert.That(events, Has.Length.EqualTo(count), () => string.Join(' ', events));
}
