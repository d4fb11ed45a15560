using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Engine.Tests.Structures;

/// <summary>The list of active knotes, against a list.</summary>
public sealed class KnoteListTests
{
    private const int Knotes = 8;

    [Property(MaxTest = 300)]
    public void BehavesLikeAList((byte Which, byte Operation, bool Hidden)[] operations)
    {
        KnoteList list = default;
        Knote[] knotes = [.. Enumerable.Range(0, Knotes).Select(i => new Knote { Ident = (nuint)i })];
        List<Knote> oracle = [];
        HashSet<Knote> hidden = [];

        foreach ((byte which, byte operation, bool hide) in operations)
        {
            Knote kn = knotes[which % Knotes];
            if (operation % 4 == 0)
            {
                list.Hide(kn);
                if (oracle.Contains(kn))
                    hidden.Add(kn);
            }
            else if (oracle.Remove(kn))
            {
                list.Remove(kn);
                hidden.Remove(kn);
            }
            else
            {
                list.AddTail(kn, hide);
                oracle.Add(kn);
                if (hide)
                    hidden.Add(kn);
            }

            Check(list, knotes, oracle, hidden);
        }
    }

    private static void Check(KnoteList list, Knote[] knotes, List<Knote> oracle, HashSet<Knote> hidden)
    {
        List<nuint> forward = [];
        Knote? last = null;
        for (Knote? kn = list.Head; kn is not null; last = kn, kn = kn.Next)
        {
            Assert.That(kn.Previous, Is.SameAs(last));
            forward.Add(kn.Ident);
        }

        Assert.That(forward, Is.EqualTo(oracle.Select(kn => kn.Ident)));
        Assert.That((list.Count, list.Hidden), Is.EqualTo((oracle.Count, hidden.Count)));
        foreach (Knote kn in knotes)
        {
            Assert.That(kn.Is(KnoteStatus.Queued), Is.EqualTo(oracle.Contains(kn)));
            Assert.That(kn.Is(KnoteStatus.Hidden), Is.EqualTo(hidden.Contains(kn)));
        }
    }
}
