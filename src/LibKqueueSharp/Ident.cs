using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LibKqueueSharp;

/// <summary>
/// What a registration watches: a <see cref="SafeHandle"/>, a <see cref="Socket"/>, or a number, each converted
/// implicitly. The number is a descriptor, a process id, a signal, or an id of the caller's, as the filter says.
/// </summary>
/// <remarks>
/// <para>
/// A handle is kept alive for the duration of the call that it is given to, and no longer. Closing it removes its
/// registrations, as on BSD (close(2)); its number may then be given to another file, which starts without any.
/// </para>
/// <para>
/// A bare descriptor number has no such protection: when another thread closes it during the call, the change may
/// meet the next file of that number. Prefer the handle.
/// </para>
/// </remarks>
public readonly struct Ident
{
    private readonly SafeHandle? _handle;
    private readonly nuint _number;

    private Ident(SafeHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        _handle = handle;
    }

    private Ident(nuint number) => _number = number;

    /// <summary>Watches what a handle refers to: a file, a pipe, a queue.</summary>
    /// <param name="handle">The handle; it stays the caller's.</param>
    public static implicit operator Ident(SafeHandle handle) => new(handle);

    /// <summary>Watches a socket. Its blocking mode and its options are left as they are.</summary>
    /// <param name="socket">The socket; it stays the caller's.</param>
    public static implicit operator Ident(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return new(socket.SafeHandle);
    }

    /// <summary>A descriptor, a process id or a signal; a negative number is refused by the queue with EBADF or its like.</summary>
    /// <param name="number">The number.</param>
    public static implicit operator Ident(int number) => new((nuint)(nint)number);

    /// <summary>An id of the caller's for a timer or a user event, or <see cref="KEvent.Ident"/> of an event.</summary>
    /// <param name="number">The number.</param>
    public static implicit operator Ident(nuint number) => new(number);

    /// <summary>Takes a reference on the handle, if there is one, and tells its number.</summary>
    /// <param name="referenced">True when <see cref="Release"/> must follow.</param>
    /// <exception cref="ObjectDisposedException">The handle is closed.</exception>
    internal nuint Acquire(ref bool referenced)
    {
        if (_handle is null)
            return _number;
        _handle.DangerousAddRef(ref referenced);
        return (nuint)_handle.DangerousGetHandle();
    }

    /// <summary>Gives the reference back.</summary>
    internal void Release() => _handle?.DangerousRelease();
}
