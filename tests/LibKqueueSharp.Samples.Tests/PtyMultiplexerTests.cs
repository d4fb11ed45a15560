namespace LibKqueueSharp.Samples.Tests;

[Platform("Linux")]
public sealed class PtyMultiplexerTests
{
    [Test]
    public void OutputIsShownWithTheNumberAndTheEndWithItsCode()
    {
        using Sample terminals = new("PtyMultiplexer", "echo from one", "echo from two; exit 3");
        HashSet<string> lines = [];
        terminals.Take(line => lines.Add(line) && lines.IsSupersetOf(
            ["[1] from one", "[1] has ended with 0", "[2] from two", "[2] has ended with 3"]));
        Assert.That(terminals.WaitForExit(), Is.Zero, terminals.ToString());
        Assert.That(lines, Has.Count.EqualTo(4), terminals.ToString());
    }

    [Test]
    public void InputGoesToTheOneThatIsNamed()
    {
        using Sample terminals = new("PtyMultiplexer", Reader("one"), Reader("two"));
        terminals.Type("2 hello");
        terminals.Take("[2] two has hello");
        terminals.Take("[2] has ended with 0");
        terminals.Type("1 a line with words");
        terminals.Take("[1] one has a line with words");
        Assert.That(terminals.WaitForExit(), Is.Zero, terminals.ToString());
    }

    [Test]
    public void CommandsHaveAControllingTerminalWithASize()
    {
        using Sample terminals = new("PtyMultiplexer", "tty; stty size; echo controlling >/dev/tty; read line; stty size");
        terminals.Take(line => line.StartsWith("[1] /dev/pts/", StringComparison.Ordinal));
        terminals.Take("[1] 24 80");
        terminals.Take("[1] controlling");
        terminals.Type("size 40 100");
        terminals.Type("1 go on");
        terminals.Take("[1] 40 100");
        Assert.That(terminals.WaitForExit(), Is.Zero, terminals.ToString());
    }

    [Test]
    public void CommandsAreToldOfANewSize()
    {
        using Sample terminals = new("PtyMultiplexer", "trap 'stty size; exit 7' WINCH; echo ready; while :; do sleep 0.05; done");
        terminals.Take("[1] ready");
        terminals.Type("size 10 20");
        terminals.Take("[1] 10 20");
        terminals.Take("[1] has ended with 7");
        Assert.That(terminals.WaitForExit(), Is.Zero, terminals.ToString());
    }

    [Test]
    public void PromptWithoutAnEndOfLineIsShown()
    {
        using Sample terminals = new("PtyMultiplexer", "printf 'password: '; read line; echo thanks");
        terminals.Take("[1] password: ");
        terminals.Type("1 secret");
        terminals.Take("[1] thanks");
        Assert.That(terminals.WaitForExit(), Is.Zero, terminals.ToString());
    }

    [Test]
    public void MuchOutputIsShownToItsEnd()
    {
        using Sample terminals = new("PtyMultiplexer", "seq 20000", "seq 20000");
        int lines = 0;
        terminals.Take(line => !line.EndsWith("has ended with 0", StringComparison.Ordinal) && ++lines == 40_000);
        Assert.That(terminals.WaitForExit(), Is.Zero);
    }

    [Test]
    public void UnknownInputIsExplained()
    {
        using Sample terminals = new("PtyMultiplexer", Reader("one"));
        terminals.Type("7 hello");
        terminals.TakeError(line => line == "write a number from 1 to 1 and a line, or size ROWS COLUMNS");
        terminals.Type("1 hello");
        terminals.Take("[1] one has hello");
        Assert.That(terminals.WaitForExit(), Is.Zero, terminals.ToString());
    }

    [Test]
    public void NothingToReadFromIsNoObstacle()
    {
        using Sample terminals = Sample.WithoutInput("PtyMultiplexer", "sleep 0.2; echo done");
        terminals.Take("[1] done");
        Assert.That(terminals.WaitForExit(), Is.Zero, terminals.ToString());
    }

    private static string Reader(string name) => $"read line; echo {name} has $line";
}
