using System.Net.Sockets;

namespace LibKqueueSharp.Benchmarks.Echo;

/// <summary>An asynchronous loop for each connection, as one writes it in .NET.</summary>
internal sealed class SocketEchoServer : EchoServer
{
    protected override void Serve()
    {
        while (true)
            _ = EchoAsync(Listener.Accept());
    }

    private static async Task EchoAsync(Socket socket)
    {
        using (socket)
        {
            Memory<byte> buffer = new byte[BufferSize];
            try
            {
                while (await socket.ReceiveAsync(buffer).ConfigureAwait(false) is > 0 and int length)
                    await socket.SendAsync(buffer[..length]).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // The client ends its connections with a reset.
            }
        }
    }
}
