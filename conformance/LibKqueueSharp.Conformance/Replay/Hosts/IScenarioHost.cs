namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// What the operating system does in a scenario or a clause: everything but the queue. One host serves one playing of one
/// scenario; disposing of it closes what is still open, ends and reaps children, restores signal
/// dispositions and removes its files.
/// </summary>
/// <remarks>
/// Descriptors and sockets may be used by several threads at the same time, the rest by one.
/// A descriptor is the number that a change carries as its ident. All descriptors are non-blocking and not inherited
/// by children. A call on a descriptor that the host did not open, or has closed, answers EBADF and touches nothing.
/// </remarks>
public interface IScenarioHost : IDisposable
{
    /// <summary>Pipes, and what all descriptors share.</summary>
    IDescriptorCalls Descriptors { get; }

    /// <summary>Sockets.</summary>
    ISocketCalls Sockets { get; }

    /// <summary>Files and directories.</summary>
    IFileCalls Files { get; }

    /// <summary>Processes and signals.</summary>
    IProcessCalls Processes { get; }

    /// <summary>Calls on the descriptor of a queue, or null where they do not exist.</summary>
    IQueueDescriptorCalls? QueueDescriptors => null;

    /// <summary>Returns when what was done to sockets since the last call has reached their peers.</summary>
    void Settle();
}

/// <summary>Pipes, and what all descriptors share.</summary>
public interface IDescriptorCalls
{
    /// <summary>Makes a pipe.</summary>
    /// <param name="reader">The end to read.</param>
    /// <param name="writer">The end to write.</param>
    HostAnswer Pipe(out long reader, out long writer);

    /// <summary>Reads up to some bytes.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="count">How many.</param>
    HostAnswer Read(long descriptor, int count);

    /// <summary>Writes some bytes.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="count">How many.</param>
    HostAnswer Write(long descriptor, int count);

    /// <summary>Closes a descriptor.</summary>
    /// <param name="descriptor">The descriptor.</param>
    HostAnswer Close(long descriptor);

    /// <summary>Duplicates a descriptor; the value is the new one.</summary>
    /// <param name="descriptor">The descriptor.</param>
    HostAnswer Duplicate(long descriptor);

    /// <summary>Makes one descriptor a duplicate of another, closing what it was.</summary>
    /// <param name="from">What is duplicated.</param>
    /// <param name="to">The number that is replaced.</param>
    HostAnswer DuplicateOver(long from, long to);

    /// <summary>Duplicates a descriptor to a number that is free; EBUSY when it is not free any more.</summary>
    /// <param name="from">What is duplicated.</param>
    /// <param name="number">The number.</param>
    HostAnswer DuplicateAt(long from, long number) => HostAnswer.NotSupported("this system does not number its descriptors");

    /// <summary>Does something while this process can open only so many descriptors more.</summary>
    /// <param name="room">How many more; other threads may take them.</param>
    /// <param name="action">What is done. It must not throw.</param>
    HostAnswer WithRoomFor(int room, Action action) => HostAnswer.NotSupported("this host does not limit descriptors");

    /// <summary>Lets reading and writing block, or no longer.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="blocks">Whether they block.</param>
    HostAnswer SetBlocking(long descriptor, bool blocks) => HostAnswer.NotSupported("descriptors are non-blocking here");

    /// <summary>Makes an eventfd; the value is the descriptor.</summary>
    /// <param name="count">What it counts from.</param>
    HostAnswer EventCounter(int count) => HostAnswer.NotSupported("this system has no eventfd");

    /// <summary>Adds to an eventfd.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="count">How much.</param>
    HostAnswer AddToCounter(long descriptor, long count) => HostAnswer.NotSupported("this system has no eventfd");

    /// <summary>Makes a pseudo-terminal.</summary>
    /// <param name="master">The side of the program that plays the terminal.</param>
    /// <param name="slave">The side that looks like a terminal.</param>
    HostAnswer Terminal(out long master, out long slave)
    {
        master = slave = -1;
        return HostAnswer.NotSupported("this system has no pseudo-terminals");
    }

    /// <summary>Writes the end of a line.</summary>
    /// <param name="descriptor">The descriptor.</param>
    HostAnswer WriteLine(long descriptor) => HostAnswer.NotSupported("this system has no pseudo-terminals");
}

/// <summary>Sockets on the loopback.</summary>
public interface ISocketCalls
{
    /// <summary>Makes a pair of connected UNIX sockets.</summary>
    /// <param name="datagram">Datagrams instead of a stream.</param>
    /// <param name="first">One end.</param>
    /// <param name="second">The other end.</param>
    HostAnswer Pair(bool datagram, out long first, out long second);

    /// <summary>Makes a TCP socket; the value is the descriptor.</summary>
    HostAnswer Tcp();

    /// <summary>Makes a UDP socket bound to a free port; the value is the descriptor.</summary>
    HostAnswer Udp();

    /// <summary>Makes a listening TCP socket on a free port; the value is the descriptor.</summary>
    /// <param name="backlog">How many connections may wait.</param>
    HostAnswer Listen(int backlog);

    /// <summary>Connects a TCP socket to a port.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="port">The port.</param>
    HostAnswer Connect(long descriptor, int port);

    /// <summary>The port of a socket.</summary>
    /// <param name="descriptor">The socket.</param>
    HostAnswer PortOf(long descriptor);

    /// <summary>Takes a waiting connection; the value is its descriptor.</summary>
    /// <param name="listener">The listening socket.</param>
    HostAnswer Accept(long listener);

    /// <summary>Sends one datagram.</summary>
    /// <param name="descriptor">The sending socket.</param>
    /// <param name="port">The receiver's port.</param>
    /// <param name="count">How many bytes.</param>
    HostAnswer SendTo(long descriptor, int port, int count);

    /// <summary>Sends urgent data.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="count">How many bytes.</param>
    HostAnswer SendUrgent(long descriptor, int count);

    /// <summary>Reads without taking the data.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="count">How many bytes at most.</param>
    HostAnswer Peek(long descriptor, int count);

    /// <summary>Shuts one or both directions down.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="read">No more reading.</param>
    /// <param name="write">No more writing.</param>
    HostAnswer Shutdown(long descriptor, bool read, bool write);

    /// <summary>Makes closing the socket reset the connection.</summary>
    /// <param name="descriptor">The socket.</param>
    HostAnswer LingerZero(long descriptor);

    /// <summary>Sets the socket's own low-water mark for reading (SO_RCVLOWAT).</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="count">The mark.</param>
    HostAnswer ReceiveLowWater(long descriptor, int count);

    /// <summary>Sets the socket's own low-water mark for writing (SO_SNDLOWAT).</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="count">The mark.</param>
    HostAnswer SendLowWater(long descriptor, int count);

    /// <summary>Makes a UNIX stream socket without a connection; the value is the descriptor.</summary>
    HostAnswer Unix() => HostAnswer.NotSupported("this host has no UNIX sockets");

    /// <summary>Makes a UNIX stream socket that listens; the value is the descriptor.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="backlog">How many connections may wait.</param>
    HostAnswer ListenUnix(string path, int backlog) => HostAnswer.NotSupported("this host has no UNIX sockets");

    /// <summary>Makes a UNIX stream socket and connects it; the value is the descriptor.</summary>
    /// <param name="path">The path of the listening socket.</param>
    HostAnswer ConnectUnix(string path) => HostAnswer.NotSupported("this host has no UNIX sockets");

    /// <summary>Makes a TCP socket listen; without an address it gets a free port.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="backlog">How many connections may wait.</param>
    HostAnswer StartListening(long descriptor, int backlog) => HostAnswer.NotSupported("this host cannot do that");

    /// <summary>The pending error of a socket as an errno, which is taken from it (SO_ERROR); 0 is none.</summary>
    /// <param name="descriptor">The socket.</param>
    HostAnswer TakeError(long descriptor) => HostAnswer.NotSupported("this host cannot do that");

    /// <summary>The socket's own low-water mark for reading (SO_RCVLOWAT).</summary>
    /// <param name="descriptor">The socket.</param>
    HostAnswer ReceiveLowWaterOf(long descriptor) => HostAnswer.NotSupported("this host cannot do that");

    /// <summary>Asks for a size of the send buffer (SO_SNDBUF); the system may take another.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="count">The size in bytes.</param>
    HostAnswer SendBuffer(long descriptor, int count) => HostAnswer.NotSupported("this host cannot do that");

    /// <summary>Asks for a size of the receive buffer (SO_RCVBUF); the system may take another.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="count">The size in bytes.</param>
    HostAnswer ReceiveBuffer(long descriptor, int count) => HostAnswer.NotSupported("this host cannot do that");

    /// <summary>Sends some bytes over a UNIX socket together with a descriptor (SCM_RIGHTS).</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="passed">The descriptor to pass; a queue's may be named.</param>
    /// <param name="count">How many bytes.</param>
    HostAnswer SendDescriptor(long descriptor, long passed, int count) => HostAnswer.NotSupported("this host passes no descriptors");
}
