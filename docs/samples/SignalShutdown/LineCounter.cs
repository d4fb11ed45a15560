using System.Globalization;
using System.Net.Sockets;
using System.Text;
using LibKqueueSharp;

namespace SignalShutdown;

/// <summary>A client, and how many lines it has sent.</summary>
internal sealed class LineCounter : IDisposable
{
    private static readonly byte[] s_buffer = new byte[64 * 1024];

    private readonly Socket _socket;
    private long _lines;

    public LineCounter(Kqueue queue, Socket socket)
    {
        _socket = socket;
        _socket.Blocking = false;
        Ident = (nuint)socket.Handle;
        queue.Add(socket, EventFilter.Read);
    }

    /// <summary>The number that its events carry.</summary>
    public nuint Ident { get; }

    /// <summary>Reads what has come.</summary>
    /// <returns>False at the end: then the client was answered.</returns>
    public bool Read()
    {
        int count = _socket.Receive(s_buffer, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
            return true;
        if (error != SocketError.Success)
            return false;
        if (count == 0)
        {
            _socket.Send(Encoding.ASCII.GetBytes(_lines.ToString(CultureInfo.InvariantCulture) + "\n"), SocketFlags.None, out _);
            return false;
        }

        _lines += s_buffer.AsSpan(0, count).Count((byte)'\n');
        return true;
    }

    /// <summary>Closes the socket, which removes its registration.</summary>
    public void Dispose() => _socket.Dispose();
}
