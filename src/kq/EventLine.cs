using System.Globalization;
using LibKqueueSharp.Conformance.Replay;
using Spectre.Console;

namespace LibKqueueSharp.Kq;

/// <summary>An event on one line: when, filter, what is watched, flags and notes, data, and what it means.</summary>
/// <param name="console">Where it is written.</param>
internal sealed class EventLine(IAnsiConsole console)
{
    private const string FilterPrefix = "EVFILT_";

    private static readonly Style s_dim = new(Color.Grey);
    private static readonly Style s_filter = new(Color.Aqua, decoration: Decoration.Bold);
    private static readonly Style s_flags = new(Color.Yellow);
    private static readonly Style s_data = new(Color.Lime);

    /// <summary>The names of the columns.</summary>
    public void Header() => console.Write(
        new Paragraph().Append($"{"seconds",8}  {"filter",-8} {"watched",-19} {"flags and notes",-35} {"data",9}  meaning\n", s_dim));

    /// <summary>One event.</summary>
    /// <param name="elapsed">When it came.</param>
    /// <param name="e">The event.</param>
    /// <param name="name">What is watched.</param>
    /// <param name="meaning">What the event means, in words.</param>
    public void Write(TimeSpan elapsed, in KEvent e, string name, string meaning)
    {
        EventAnswer names = EventAnswer.Of(e, name);
        string flags = string.Join(' ', names.Flags.Concat(names.Notes));
        console.Write(
            new Paragraph()
                .Append(Seconds(elapsed), s_dim)
                .Append($"{names.Filter.Replace(FilterPrefix, "", StringComparison.Ordinal),-8} ", s_filter)
                .Append($"{name,-19} ")
                .Append($"{(flags.Length == 0 ? "-" : flags),-35} ", s_flags)
                .Append($"{names.Data,9}  ", s_data)
                .Append(meaning)
                .Append("\n"));
    }

    /// <summary>That nothing came, or what was done, in the place of an event.</summary>
    /// <param name="elapsed">When.</param>
    /// <param name="text">The words.</param>
    public void Remark(TimeSpan elapsed, string text) =>
        console.Write(new Paragraph().Append($"{Seconds(elapsed)}{text}\n", s_dim));

    private static string Seconds(TimeSpan elapsed) =>
        elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture).PadLeft(8) + "  ";
}
