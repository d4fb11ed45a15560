using Spectre.Console;

namespace LibKqueueSharp.Kq.Tests;

public sealed class TerminalTests
{
    [TestCase(true, null)]
    [TestCase(true, "")]
    [TestCase(false, "1")]
    public void IsPlainWhereColoursAreNotWanted(bool isRedirected, string? noColor)
    {
        using StringWriter text = new();
        IAnsiConsole console = Terminal.Open(text, isRedirected, noColor);
        console.Write(new Paragraph("red", new Style(Color.Red)));
        Assert.That(text.ToString(), Is.EqualTo("red"));
    }

    [Test]
    public void NeverBreaksALineThatIsRedirected()
    {
        using StringWriter text = new();
        string line = string.Join(' ', Enumerable.Repeat("word", 1000));
        Terminal.Open(text, true, null).Write(new Paragraph(line));
        Assert.That(text.ToString(), Is.EqualTo(line));
    }
}
