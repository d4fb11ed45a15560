using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>What only sockets can do.</summary>
internal sealed partial class Descriptor
{
    public int Port => (int)test.Must($"port({number})", Sockets.PortOf(number));

    /// <summary>The socket's own low-water mark for reading.</summary>
    public int ReceiveLowWater
    {
        get => (int)test.Must($"getsockopt({number}, SO_RCVLOWAT)", Sockets.ReceiveLowWaterOf(number));
        set => test.Must($"setsockopt({number}, SO_RCVLOWAT, {value})", Sockets.ReceiveLowWater(number, value));
    }

    private ISocketCalls Sockets => test.Host.Sockets;

    /// <summary>Connects; whether it succeeds, fails or goes on is told by the answer.</summary>
    public HostAnswer Connect(int port)
    {
        HostAnswer answer = Sockets.Connect(number, port);
        test.Transcript.Write($"connect({number}, {port}) = {(answer.Succeeded ? 0 : answer.Error ?? answer.Unsupported)}");
        return answer.Unsupported is { } reason ? throw new ClauseNotApplicableException(reason) : answer;
    }

    public Descriptor Accept() => test.New($"accept({number})", Sockets.Accept(number));

    /// <summary>Sends one datagram.</summary>
    public void SendTo(Descriptor receiver, int count) =>
        test.Must($"sendto({number}, {receiver.Number}, {count})", Sockets.SendTo(number, receiver.Port, count));

    public void SendUrgent(int count) => test.Must($"send({number}, {count}, MSG_OOB)", Sockets.SendUrgent(number, count));

    /// <summary>Sends some bytes together with a descriptor.</summary>
    public void SendDescriptor(Descriptor passed, int count) =>
        test.Must($"sendmsg({number}, {count}, SCM_RIGHTS {passed.Number})", Sockets.SendDescriptor(number, passed.Number, count));

    public void Shutdown(bool read = false, bool write = false) =>
        test.Must($"shutdown({number}{(read ? ", read" : "")}{(write ? ", write" : "")})", Sockets.Shutdown(number, read, write));

    /// <summary>Closes so that the peer sees a reset.</summary>
    public void Reset()
    {
        test.Must($"setsockopt({number}, SO_LINGER 0)", Sockets.LingerZero(number));
        Close();
    }

    /// <summary>Makes a TCP socket listen.</summary>
    public void StartListening(int backlog) => test.Must($"listen({number}, {backlog})", Sockets.StartListening(number, backlog));

    /// <summary>The pending error, which is taken from the socket.</summary>
    public Errno TakeError() => (Errno)test.Must($"getsockopt({number}, SO_ERROR)", Sockets.TakeError(number));

    /// <summary>The socket's own low-water mark for writing.</summary>
    public void SendLowWater(int count) => test.Must($"setsockopt({number}, SO_SNDLOWAT, {count})", Sockets.SendLowWater(number, count));

    /// <summary>Asks for a size of the send buffer.</summary>
    public void SendBuffer(int count) => test.Must($"setsockopt({number}, SO_SNDBUF, {count})", Sockets.SendBuffer(number, count));

    /// <summary>Asks for a size of the receive buffer.</summary>
    public void ReceiveBuffer(int count) => test.Must($"setsockopt({number}, SO_RCVBUF, {count})", Sockets.ReceiveBuffer(number, count));
}
