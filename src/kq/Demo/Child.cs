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

    private Child(int id) => Id = id;

    /// <summary>Its process id.</summary>
    public int Id { get; }

    /// <summary>Starts a shell.</summary>
    /// <param name="script">What it does.</param>
    /// <exception cref="LeftOutException">It cannot be started.</exception>
    public static Child Start(string script)
    {
        int error = Native.Spawn(out int process, Shell, 0, 0, [Shell, "-c", script, null], 0);
        return error == 0 ? new(process) : throw new LeftOutException($"{Shell} cannot be started: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>Ends it, and collects it.</summary>
    public void Dispose()
    {
        _ = Native.Kill(Id, SIGKILL);
        _ = Native.Wait(Id, out _, 0);
    }
}
