using System.Globalization;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The names of the bits of one field.</summary>
internal sealed class BitNames(params (string Name, uint Bits)[] names)
{
    /// <summary>The names, in their order.</summary>
    public IEnumerable<string> All => names.Select(n => n.Name);

    /// <summary>The bits that have names.</summary>
    public uint Known { get; } = names.Aggregate(0u, (bits, n) => bits | n.Bits);

    /// <summary>Reads names and numbers joined with <c>|</c>.</summary>
    public bool TryParse(string text, out uint bits, out string unknown)
    {
        bits = 0;
        unknown = "";
        foreach (string word in text.Split('|'))
        {
            if (TryParseNumber(word, out uint number))
            {
                bits |= number;
                continue;
            }

            int index = Array.FindIndex(names, n => n.Name == word);
            if (index < 0)
            {
                unknown = word;
                return false;
            }

            bits |= names[index].Bits;
        }

        return true;
    }

    /// <summary>The names of the set bits; what has no name comes last, as one number.</summary>
    public string[] Format(uint bits)
    {
        List<string> result = [];
        foreach ((string name, uint value) in names)
        {
            if (value == 0 || (bits & value) != value)
                continue;
            result.Add(name);
            bits &= ~value;
        }

        if (bits != 0)
            result.Add("0x" + bits.ToString("x", CultureInfo.InvariantCulture));
        return [.. result];
    }

    private static bool TryParseNumber(string word, out uint number) =>
        word.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? uint.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
