using System.Globalization;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The names of a script, in both directions.</summary>
internal sealed class NameTable(long self)
{
    private const string SelfName = "self";

    private readonly List<NamedThing> _things = [];

    public IEnumerable<NamedThing> Queues => _things.Where(t => t.Kind == NamedKind.Queue);

    public void Add(string name, NamedKind kind, long number) => Add(new(name, kind, number));

    public void AddQueue(string name, BackendQueue queue) => Add(new(name, NamedKind.Queue, 0, queue));

    public NamedThing? Find(string name) => _things.Find(t => t.Name == name);

    /// <summary>The number behind a name, or the number that the word itself is.</summary>
    public bool TryNumber(string word, out long number)
    {
        NamedThing? thing = Find(word);
        if (thing is not null)
            number = thing.Number;
        else if (word == SelfName)
            number = self;
        else
            return long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        return true;
    }

    /// <summary>The name of an event's ident; of several names of one number, the open one that was given last.</summary>
    public string NameOf(EventFilter filter, nuint ident)
    {
        long number = (long)ident;
        string text = number.ToString(CultureInfo.InvariantCulture);
        if (filter == EventFilter.Process)
            return _things.FindLast(t => t.Kind == NamedKind.Process && t.Number == number)?.Name ?? (number == self ? SelfName : text);
        if (!FilterNames.TakesDescriptor(filter))
            return text;
        return (FindDescriptor(number, mustBeOpen: true) ?? FindDescriptor(number, mustBeOpen: false))?.Name ?? text;
    }

    private void Add(NamedThing thing)
    {
        _things.RemoveAll(t => t.Name == thing.Name);
        _things.Add(thing);
    }

    private NamedThing? FindDescriptor(long number, bool mustBeOpen) => _things.FindLast(
        t => t.Kind != NamedKind.Process && t.KnownNumber == number && (t.IsOpen || !mustBeOpen));
}
