using System.Diagnostics;

namespace LibKqueueSharp.Windows.Tests.Processes;

/// <summary>A process that runs a line of cmd.exe after it has read a line. It is waited for until it is up: what Windows starts for it meanwhile, as a host of consoles, is a fork too.</summary>
internal sealed class TestChild : IDisposable
{
    private readonly Process _process;

    internal TestChild(string commands)
    {
        _process = Process.Start(new ProcessStartInfo("cmd.exe", $"/c \"echo up& set /p line=& {commands}\"")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        string? line = _process.StandardOutput.ReadLine();
        if (line == "up")
            return;
        Dispose();
        Assert.Fail($"the child said {line ?? "nothing"}");
    }

    internal nuint Id => (nuint)_process.Id;

    internal Process Process => _process;

    /// <summary>Writes a line, which it or a process that it has started waits for.</summary>
    internal void Proceed() => _process.StandardInput.WriteLine();

    internal int WaitForExit()
    {
        Assert.That(_process.WaitForExit(TestQueue.Patience), Is.True);
        return _process.ExitCode;
    }

    /// <summary>Ends it and all that wait for lines of it.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(TestQueue.Patience);
        _process.Dispose();
    }
}
