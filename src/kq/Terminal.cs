using Spectre.Console;

namespace LibKqueueSharp.Kq;

/// <summary>Where the command writes: with colours on a terminal, plain text elsewhere and where NO_COLOR is set.</summary>
internal static class Terminal
{
    private const int NeverWrap = 10_000;

    public static IAnsiConsole Open() => Open(Console.Out, Console.IsOutputRedirected, Environment.GetEnvironmentVariable("NO_COLOR"));

    public static IAnsiConsole Open(TextWriter output, bool isRedirected, string? noColor)
    {
        bool isPlain = isRedirected || !string.IsNullOrEmpty(noColor);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        if (isRedirected)
            console.Profile.Width = NeverWrap;
        return console;
    }
}
