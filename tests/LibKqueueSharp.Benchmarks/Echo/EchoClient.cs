using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Running;
using Tmds.Linux;

namespace LibKqueueSharp.Benchmarks.Echo;

/// <summary>
/// A client process: many connections, some of them with one message under way at any time. Says "ready" when all are connected; then each
/// line of its input is a number of milliseconds to run for, answered with requests, ns, and the 99th percentile in ns.
/// </summary>
internal sealed unsafe class EchoClient(int port, int connections, int active)
{
    private const int MessageSize = 64;
    private const int Room = 128;

    private readonly List<Socket> _sockets = [];
    private readonly Dictionary<int, long> _sent = [];
    private readonly List<double> _times = [];
    private readonly int _epfd = Libc.EpollCreate();

    internal void Run()
    {
        for (int i = 0; i < connections; i++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true,

                // A reset leaves no port behind that has to wait.
                LingerState = new LingerOption(enable: true, seconds: 0),
            };
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            _sockets.Add(socket);
        }

        for (int i = 0; i < active; i++)
        {
            int fd = (int)_sockets[(int)((long)i * connections / active)].Handle;
            _sent[fd] = 0;
            Libc.EpollControl(_epfd, Libc.EPOLL_CTL_ADD, fd, Libc.EPOLLIN);
        }

        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
            Console.WriteLine(Load(int.Parse(line, CultureInfo.InvariantCulture)));
        foreach (Socket socket in _sockets)
            socket.Dispose();
    }

    private string Load(int milliseconds)
    {
        byte* message = stackalloc byte[MessageSize];
        epoll_event* events = stackalloc epoll_event[Room];
        _times.Clear();
        long start = Stopwatch.GetTimestamp();
        long end = start + Stopwatch.Frequency * milliseconds / 1000;
        long now = start;
        foreach (int fd in _sent.Keys)
            Send(fd, message);
        for (int underWay = active; underWay > 0;)
        {
            int count = Libc.EpollWait(_epfd, events, Room, -1);
            now = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
            {
                int fd = events[i].data.fd;
                if (Libc.Read(fd, message, MessageSize) != MessageSize)
                    throw new InvalidOperationException("The server has answered with something else than an echo.");
                _times.Add(now - _sent[fd]);
                if (now < end)
                    Send(fd, message);
                else
                    underWay--;
            }
        }

        double scale = 1e9 / Stopwatch.Frequency;
        double[] sorted = [.. _times.Order()];
        double worst = Statistics.Quantile(sorted, 0.99) * scale;
        return string.Create(CultureInfo.InvariantCulture, $"{sorted.Length} {(now - start) * scale:F0} {worst:F0}");
    }

    private void Send(int fd, byte* message)
    {
        _sent[fd] = Stopwatch.GetTimestamp();
        Libc.Write(fd, message, MessageSize);
    }
}
