using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LibKqueueSharp.Benchmarks.Native;
using Tmds.Linux;

namespace LibKqueueSharp.Benchmarks.Echo;

/// <summary>
/// A server process. Tells its port on the standard output, then answers each line of its input with the processor time it has used
/// (ns) and the bytes it has allocated; ends with its input.
/// </summary>
internal abstract class EchoServer
{
    protected const int BufferSize = 4096;
    private const int Backlog = 4096;

    protected Socket Listener { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    internal void Run()
    {
        Listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Listener.Listen(Backlog);
        new Thread(Serve) { IsBackground = true }.Start();
        Console.WriteLine(((IPEndPoint)Listener.LocalEndPoint!).Port);
        while (Console.ReadLine() is not null)
        {
            double processor = Environment.CpuUsage.TotalTime.TotalNanoseconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{processor:F0} {GC.GetTotalAllocatedBytes()}"));
        }
    }

    protected abstract void Serve();

    /// <summary>Accepts one connection, non-blocking; negative when there is none.</summary>
    protected static unsafe int Accept(int listener) =>
        LibC.accept4(listener, null, null, LibC.SOCK_NONBLOCK | LibC.SOCK_CLOEXEC);

    /// <summary>Reads and writes back; closes a connection that has ended.</summary>
    protected static unsafe void Echo(int fd, byte* buffer)
    {
        nint length = Libc.Read(fd, buffer, BufferSize);
        if (length > 0)
            Libc.Write(fd, buffer, (nuint)length);
        else if (length == 0)
            Libc.Close(fd);
    }
}
