using System.Net.Sockets;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The sockets of a host by their numbers. Any thread may call any member.</summary>
internal sealed class SocketTable : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Socket> _sockets = [];
    private bool _touched;

    /// <summary>Takes a socket in; the value is its number.</summary>
    internal HostAnswer Adopt(Socket socket)
    {
        socket.Blocking = false;
        lock (_gate)
        {
            _touched = true;
            _sockets[socket.Handle] = socket;
        }

        return HostAnswer.Success(socket.Handle);
    }

    internal HostAnswer Close(long descriptor)
    {
        Socket? socket;
        lock (_gate)
        {
            _touched = true;
            if (!_sockets.Remove(descriptor, out socket))
                return HostAnswer.Failure("EBADF");
        }

        socket.Dispose();
        return HostAnswer.Success();
    }

    /// <summary>A call on a socket; the value is what it returns.</summary>
    internal HostAnswer On(long descriptor, Func<Socket, long> call)
    {
        Socket? socket;
        lock (_gate)
        {
            _touched = true;
            if (!_sockets.TryGetValue(descriptor, out socket))
                return HostAnswer.Failure("EBADF");
        }

        return Try(() => call(socket));
    }

    /// <summary>Reads up to some bytes. Where recv(2) of BSD cuts a datagram, Winsock does so too and calls it an error.</summary>
    internal HostAnswer Receive(long descriptor, int count)
    {
        return On(descriptor, s =>
        {
            int bytes = s.Receive(new byte[count], SocketFlags.None, out SocketError error);
            return error switch
            {
                SocketError.Success => bytes,
                SocketError.MessageSize => count,
                _ => throw new SocketException((int)error),
            };
        });
    }

    internal static HostAnswer Try(Func<long> call)
    {
        try
        {
            return HostAnswer.Success(call());
        }
        catch (SocketException e)
        {
            return HostAnswer.Failure(Name(e.SocketErrorCode));
        }
    }

    internal bool TakeTouched()
    {
        lock (_gate)
        {
            bool touched = _touched;
            _touched = false;
            return touched;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (Socket socket in _sockets.Values)
                socket.Dispose();
            _sockets.Clear();
        }
    }

    private static string Name(SocketError error) => error switch
    {
        SocketError.WouldBlock => "EAGAIN",
        SocketError.InProgress or SocketError.AlreadyInProgress => "EINPROGRESS",
        SocketError.Shutdown => "EPIPE",
        SocketError.ConnectionReset => "ECONNRESET",
        SocketError.ConnectionAborted => "ECONNABORTED",
        SocketError.ConnectionRefused => "ECONNREFUSED",
        SocketError.NotConnected => "ENOTCONN",
        SocketError.IsConnected => "EISCONN",
        SocketError.InvalidArgument => "EINVAL",
        SocketError.OperationNotSupported => "EOPNOTSUPP",
        _ => error.ToString(),
    };
}
