using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PtyMultiplexer;

/// <summary>A terminal of our own, with a command in it. When this end is closed, the command is told by SIGHUP.</summary>
internal sealed class PseudoTerminal : IDisposable
{
    private readonly string _name;

    /// <exception cref="Win32Exception">The system has no more of them.</exception>
    public PseudoTerminal()
    {
        Master = Native.OpenMaster(Native.O_RDWR | Native.O_NOCTTY | Native.O_NONBLOCK | Native.O_CLOEXEC);
        byte[] name = new byte[128];
        if (Master.IsInvalid || Native.Grant(Master) < 0 || Native.Unlock(Master) < 0 || Native.GetName(Master, name, (nuint)name.Length) != 0)
            throw new Win32Exception();
        _name = Encoding.UTF8.GetString(name.AsSpan(0, name.IndexOf((byte)0)));
    }

    /// <summary>Our end: what is written to it was typed, and what the command shows can be read from it. It does not block.</summary>
    public SafeFileHandle Master { get; }

    /// <summary>Starts a shell command whose standard files and controlling terminal this is (setsid(1)).</summary>
    public Process Start(string command) =>
        Process.Start("/bin/sh", ["-c", "exec setsid --ctty /bin/sh -c \"$1\" <\"$0\" >\"$0\" 2>&1", _name, command]);

    /// <summary>Sets its size. Who runs in it is told by SIGWINCH.</summary>
    public void Resize(TerminalSize size)
    {
        if (Native.Control(Master, Native.TIOCSWINSZ, ref size) < 0)
            throw new Win32Exception();
    }

    public void Dispose() => Master.Dispose();
}
