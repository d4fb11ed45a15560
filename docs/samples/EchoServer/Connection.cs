using System.Net.Sockets;
using LibKqueueSharp;

namespace EchoServer;

/// <summary>
/// A client, and what it has yet to be sent. Either its socket is waited on for something to read, or for room to write: never both, so that one
/// wait cannot hand out two events of it.
/// </summary>
internal sealed class Connection : IDisposable
{
    private readonly Kqueue _queue;
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    public Connection(Kqueue queue, Socket socket)
    {
        (_queue, _socket) = (queue, socket);
        _socket.Blocking = false;
        _queue.Add(_socket, EventFilter.Read, EventFlags.Dispatch);
    }

    /// <summary>Reads what has come, and sends it back.</summary>
    /// <returns>False when the connection is over.</returns>
    public bool Receive()
    {
        (_start, _end) = (0, _socket.Receive(_buffer, SocketFlags.None, out SocketError error));
        if (error == SocketError.WouldBlock)
            return ReadOn();
        return error == SocketError.Success && _end > 0 && Send();
    }

    /// <summary>Sends what there is room for, and reads on when all is sent.</summary>
    /// <returns>False when the connection is over.</returns>
    public bool Send()
    {
        while (_start < _end)
        {
            int sent = _socket.Send(_buffer.AsSpan(_start, _end - _start), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                _queue.Add(_socket, EventFilter.Write, EventFlags.OneShot);
                return true;
            }

            if (error != SocketError.Success)
                return false;
            _start += sent;
        }

        return ReadOn();
    }

    /// <summary>Closes the socket, which removes its registrations.</summary>
    public void Dispose() => _socket.Dispose();

    private bool ReadOn()
    {
        _queue.Enable(_socket, EventFilter.Read);
        return true;
    }
}
