using LibKqueueSharp.Emulation;
using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Structures;

/// <summary>The hash of knotes, against a dictionary.</summary>
public sealed class KnoteTableTests
{
    [Property(MaxTest = 200)]
    public void BehavesLikeADictionary((bool Remove, bool Timer, byte Ident, byte Shift)[] operations)
    {
        using TestQueue kq = new();
        Filter[] filters = [new UserFilter(kq.Queue), new TimerFilter(kq.Queue)];
        KnoteTable table = new();
        Dictionary<(nuint Ident, EventFilter Filter), Knote> oracle = [];

        foreach ((bool remove, bool timer, byte ident, byte shift) in operations)
        {
            // Few different idents, far apart: collisions of buckets and of keys are common.
            Filter filter = filters[timer ? 1 : 0];
            (nuint Ident, EventFilter Filter) key = ((nuint)(ident % 32) << (shift % 64), filter.Number);
            Assert.That(table.Find(key.Ident, key.Filter), Is.SameAs(oracle.GetValueOrDefault(key)), key.ToString());
            if (remove && oracle.Remove(key, out Knote? found))
            {
                table.Remove(found);
            }
            else if (!remove && !oracle.ContainsKey(key))
            {
                oracle[key] = new Knote { Ident = key.Ident, Filter = filter };
                table.Add(oracle[key]);
            }
        }

        Assert.That(table.Count, Is.EqualTo(oracle.Count));
        foreach (((nuint ident, EventFilter filter), Knote kn) in oracle)
            Assert.That(table.Find(ident, filter), Is.SameAs(kn));
    }

    [Test]
    public void GrowsAndEmptiesWithoutLosingAKnote([Values(1, 16, 17, 1000)] int count)
    {
        using TestQueue kq = new();
        UserFilter filter = new(kq.Queue);
        KnoteTable table = new();
        HashSet<Knote> knotes = [];
        for (int i = 0; i < count; i++)
        {
            Knote kn = new() { Ident = (nuint)i << 32, Filter = filter };
            table.Add(kn);
            knotes.Add(kn);
        }

        int bucket = 0;
        while (table.Any(ref bucket) is { } kn)
        {
            Assert.That(knotes.Remove(kn), Is.True, kn.Ident.ToString());
            table.Remove(kn);
        }

        Assert.That(knotes, Is.Empty);
        Assert.That(table.Count, Is.Zero);
    }
}
