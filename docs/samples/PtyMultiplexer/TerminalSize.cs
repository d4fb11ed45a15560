using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PtyMultiplexer;

/// <summary>struct winsize.</summary>
/// <param name="Rows">Lines.</param>
/// <param name="Columns">Characters a line.</param>
[StructLayout(LayoutKind.Sequential)]
internal record struct TerminalSize(ushort Rows, ushort Columns)
{
    private const int StandardOutput = 1;

    private readonly ushort _width;
    private readonly ushort _height;

    /// <summary>That of the terminal that this program writes to, less a prefix; 24 by 80 where it writes elsewhere.</summary>
    public static TerminalSize OfOutput(int prefix)
    {
        using SafeFileHandle output = new(StandardOutput, ownsHandle: false);
        TerminalSize size = default;
        bool isTerminal = Native.Control(output, Native.TIOCGWINSZ, ref size) == 0 && size.Columns > prefix;
        return isTerminal ? size with { Columns = (ushort)(size.Columns - prefix) } : new(24, 80);
    }
}
