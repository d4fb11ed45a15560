using System.ComponentModel;
using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>Sockets in one line each. Everything is on the loopback interface.</summary>
internal static class Sockets
{
    internal static Fd Create(UnixAddressFamily family, UnixSocketType type) =>
        Fd.Opened(Syscall.socket(family, type, UnixSocketFlags.SOCK_CLOEXEC, 0));

    internal static Fd TcpSocket() => Create(UnixAddressFamily.AF_INET, UnixSocketType.SOCK_STREAM);

    internal static Fd TcpListener(out ushort port, int backlog = 16)
    {
        Fd listener = TcpSocket();
        Check(Syscall.bind(listener, Loopback(0)));
        Check(Syscall.listen(listener, backlog));
        port = PortOf(listener);
        return listener;
    }

    /// <summary>A port of the loopback interface on which nobody listens.</summary>
    internal static ushort ClosedPort()
    {
        using Fd unused = TcpSocket();
        Check(Syscall.bind(unused, Loopback(0)));
        return PortOf(unused);
    }

    /// <summary>A non-blocking connect, which may be under way or refused already.</summary>
    internal static int Connect(Fd socket, ushort port) => Syscall.connect(socket, Loopback(port));

    internal static Fd UnixListener(string path, UnixSocketType type = UnixSocketType.SOCK_STREAM, int backlog = 16)
    {
        Fd listener = Create(UnixAddressFamily.AF_UNIX, type);
        Check(Syscall.bind(listener, new SockaddrUn(path)));
        Check(Syscall.listen(listener, backlog));
        return listener;
    }

    internal static Fd UnixConnect(string path, UnixSocketType type = UnixSocketType.SOCK_STREAM)
    {
        Fd socket = Create(UnixAddressFamily.AF_UNIX, type);
        Check(Syscall.connect(socket, new SockaddrUn(path)));
        return socket;
    }

    /// <summary>Accepts, waiting until the connection has come through.</summary>
    internal static Fd Accept(Fd listener)
    {
        int accepted = -1;
        Eventually.Holds(() => (accepted = Syscall.accept4(listener, null, UnixSocketFlags.SOCK_CLOEXEC)) >= 0, "a connection to accept");
        return Fd.Opened(accepted);
    }

    internal static Fd Udp(out ushort port)
    {
        Fd socket = Create(UnixAddressFamily.AF_INET, UnixSocketType.SOCK_DGRAM);
        Check(Syscall.bind(socket, Loopback(0)));
        port = PortOf(socket);
        return socket;
    }

    internal static Pair Connected(UnixAddressFamily family, UnixSocketType type)
    {
        Check(Syscall.socketpair(family, type, UnixSocketFlags.SOCK_CLOEXEC, 0, out int a, out int b));
        return new Pair(Fd.Opened(a), Fd.Opened(b));
    }

    internal static void Shutdown(Fd socket, ShutdownOption how) => Check(Syscall.shutdown(socket, how));

    /// <summary>close(2) will reset the connection.</summary>
    internal static void ResetOnClose(Fd socket) =>
        Check(Syscall.setsockopt(socket, UnixSocketProtocol.SOL_SOCKET, UnixSocketOptionName.SO_LINGER, new Linger { l_onoff = 1, l_linger = 0 }));

    internal static void SetOption(Fd socket, UnixSocketOptionName option, int value) =>
        Check(Syscall.setsockopt(socket, UnixSocketProtocol.SOL_SOCKET, option, value));

    internal static int GetOption(Fd socket, UnixSocketOptionName option)
    {
        Check(Syscall.getsockopt(socket, UnixSocketProtocol.SOL_SOCKET, option, out int value));
        return value;
    }

    /// <summary>SO_ERROR, which is cleared by asking.</summary>
    internal static LibKqueueSharp.Errno TakeError(Fd socket) => (LibKqueueSharp.Errno)GetOption(socket, UnixSocketOptionName.SO_ERROR);

    internal static void SendUrgent(Fd socket, int bytes) =>
        Assert.That(Syscall.send(socket, new byte[bytes], (ulong)bytes, MessageFlags.MSG_OOB), Is.EqualTo(bytes));

    internal static long Send(Fd socket, int bytes, MessageFlags flags = 0) =>
        Syscall.send(socket, new byte[Math.Max(bytes, 1)], (ulong)bytes, flags | MessageFlags.MSG_NOSIGNAL);

    internal static long Receive(Fd socket, int bytes, MessageFlags flags = 0) =>
        Syscall.recv(socket, new byte[Math.Max(bytes, 1)], (ulong)bytes, flags);

    internal static void SendTo(Fd socket, int bytes, ushort port) =>
        Assert.That(Syscall.sendto(socket, new byte[Math.Max(bytes, 1)], (ulong)bytes, 0, Loopback(port)), Is.EqualTo(bytes));

    private static SockaddrIn Loopback(ushort port) => new()
    {
        sa_family = UnixAddressFamily.AF_INET,
        sin_addr = new InAddr(127, 0, 0, 1),
        sin_port = Syscall.htons(port),
    };

    private static ushort PortOf(Fd socket)
    {
        SockaddrIn address = new();
        Check(Syscall.getsockname(socket, address));
        return Syscall.ntohs(address.sin_port);
    }

    private static void Check(int result)
    {
        if (result < 0)
            throw new Win32Exception(Marshal.GetLastWin32Error());
    }
}
