using System.Diagnostics;
using System.Runtime.InteropServices;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>Makes the runtime open now what it opens once, so that the counts of descriptors are exact.</summary>
[SetUpFixture]
internal sealed class WarmUp
{
    [OneTimeSetUp]
    public void OpenWhatTheRuntimeKeeps()
    {
        using PosixSignalRegistration registration = PosixSignalRegistration.Create((PosixSignal)12, static c => c.Cancel = true);
        using Process? process = Process.Start(new ProcessStartInfo("/bin/true") { RedirectStandardOutput = true, RedirectStandardError = true });
        process?.StandardError.ReadToEnd();
        process?.WaitForExit();
        using Pair tcp = Pair.Create(PairKind.Tcp);
    }
}
