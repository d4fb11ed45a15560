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
}
