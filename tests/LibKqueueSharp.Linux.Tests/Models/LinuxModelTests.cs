using System.Runtime.Versioning;
using LibKqueueSharp.Linux.Tests.Support;
using LibKqueueSharp.Model.Playing;
using LibKqueueSharp.Model.Programs;

namespace LibKqueueSharp.Linux.Tests.Models;

/// <summary>Random programs on Linux, with real pipes, sockets, files and timers, against the model.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class LinuxModelTests : LinuxFixture
{
    private const int Programs = 4_000;

    [Test]
    public void LinuxAndModelAgree() =>
        Comparison.Run("linux", new LinuxPrograms(), Programs, virtualTime: false, LinuxMachine.Play);

    /// <summary>A step that closes empties first, and so moves the offset of a file that has another number.</summary>
    [Test]
    public void ClosingADuplicateMovesTheOffsetOfAFile()
    {
        QueueProgram program = new(
            Dialect.MacOs,
            [
                new FileStep("f", 3),
                new DupStep("g", "f"),
                new CloseStep("g"),
                new AddStep(new Change("f", EventFilter.Read, EventFlags.Add)),
                new CallStep(2, 0),
            ]);
        Assert.That(Comparison.Judge(program, virtualTime: false, LinuxMachine.Play), Is.Null);
    }
}
