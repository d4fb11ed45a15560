using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace LibKqueueSharp.Kq;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    /// <summary><c>--match REGEX</c>.</summary>
    /// <param name="description">What it does.</param>
    public static Option<Regex?> Match(string description) => new("--match")
    {
        Description = description,
        HelpName = "REGEX",
        CustomParser = ParseRegex,
    };

    /// <summary>An option that takes one of some words.</summary>
    /// <param name="option">The option.</param>
    /// <param name="values">The words.</param>
    public static Option<string> Among(Option<string> option, params IEnumerable<string> values)
    {
        option.AcceptOnlyFromAmong([.. values]);
        return option;
    }

    private static Regex? ParseRegex(ArgumentResult result)
    {
        try
        {
            return new Regex(result.Tokens[0].Value, RegexOptions.CultureInvariant);
        }
        catch (RegexParseException e)
        {
            result.AddError($"--match: {e.Message}");
            return null;
        }
    }
}
