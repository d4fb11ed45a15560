using System.Runtime.InteropServices;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>What a program can do with the descriptor of a queue, other than kevent.</summary>
public interface IQueueDescriptorCalls
{
    /// <summary>Waits until the descriptor can be read or written; the value is the <c>revents</c> of poll(2), 0 after the time.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="forReading">Waits for POLLIN.</param>
    /// <param name="forWriting">Waits for POLLOUT.</param>
    /// <param name="milliseconds">How long; -1 without end.</param>
    HostAnswer Poll(SafeHandle descriptor, bool forReading, bool forWriting, int milliseconds);

    /// <summary>The <c>st_mode</c> of fstat(2).</summary>
    /// <param name="descriptor">The descriptor.</param>
    HostAnswer Mode(SafeHandle descriptor);

    /// <summary>The <c>st_size</c> of fstat(2).</summary>
    /// <param name="descriptor">The descriptor.</param>
    HostAnswer Size(SafeHandle descriptor);

    /// <summary>The flags of F_GETFL.</summary>
    /// <param name="descriptor">The descriptor.</param>
    HostAnswer StatusFlags(SafeHandle descriptor);

    /// <summary>1 when the descriptor is closed by execve(2) (F_GETFD).</summary>
    /// <param name="descriptor">The descriptor.</param>
    HostAnswer IsCloseOnExec(SafeHandle descriptor);

    /// <summary>read(2) of one byte.</summary>
    /// <param name="descriptor">The descriptor.</param>
    HostAnswer Read(SafeHandle descriptor);

    /// <summary>write(2) of one byte.</summary>
    /// <param name="descriptor">The descriptor.</param>
    HostAnswer Write(SafeHandle descriptor);

    /// <summary>Asks for signals when the descriptor becomes ready (FIOASYNC).</summary>
    /// <param name="descriptor">The descriptor.</param>
    HostAnswer SetAsynchronous(SafeHandle descriptor) => HostAnswer.NotSupported("this host has no ioctl");

    /// <summary>Sends the descriptor through a UNIX socket (SCM_RIGHTS).</summary>
    /// <param name="descriptor">The descriptor.</param>
    HostAnswer Pass(SafeHandle descriptor) => HostAnswer.NotSupported("this host passes no descriptors");
}
