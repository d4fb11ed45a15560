using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>
/// A child that nobody waits for until this is disposed of. The runtime collects those of <see cref="System.Diagnostics.Process"/> at once, and
/// before Linux 6.15 nobody is told the status of a process that was collected.
/// </summary>
internal sealed class Child : IDisposable
{
    private const string Shell = "/bin/sh";
    private const int SIGKILL = 9;

    /// <summary>On Windows, where an open process keeps its number and its exit code.</summary>
    private readonly Process? _process;

    private Child(int id, Process? process = null) => (Id, _process) = (id, process);

    /// <summary>Its process id.</summary>
    public int Id { get; }

    /// <summary>Starts a shell.</summary>
    /// <param name="script">What it does.</param>
    /// <exception cref="LeftOutException">It cannot be started.</exception>
    public static Child Start(string script)
    {
        if (OperatingSystem.IsWindows())
            throw new LeftOutException("Windows has no shell like that");
        int error = Native.Spawn(out int process, Shell, 0, 0, [Shell, "-c", script, null], 0);
        return error == 0 ? new(process) : throw new LeftOutException($"{Shell} cannot be started: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>Starts a program that ends after a tenth of a second; on Windows at once.</summary>
    /// <param name="code">What it exits with.</param>
    /// <exception cref="LeftOutException">It cannot be started.</exception>
    public static Child Exiting(int code)
    {
        if (!OperatingSystem.IsWindows())
            return Start(string.Create(CultureInfo.InvariantCulture, $"sleep 0.1; exit {code}"));
        string arguments = string.Create(CultureInfo.InvariantCulture, $"/c exit {code}");
        Process process = Process.Start(new ProcessStartInfo("cmd.exe", arguments) { UseShellExecute = false })!;
        return new(process.Id, process);
    }

    /// <summary>Ends it, and collects it.</summary>
    public void Dispose()
    {
        if (_process is not null)
        {
            _process.Dispose();
            return;
        }

        _ = Native.Kill(Id, SIGKILL);
        _ = Native.Wait(Id, out _, 0);
    }
}
