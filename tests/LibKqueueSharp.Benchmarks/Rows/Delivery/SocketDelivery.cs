using System.Net.Sockets;
using LibKqueueSharp.Benchmarks.Native;

namespace LibKqueueSharp.Benchmarks.Rows.Delivery;

/// <summary>A ReceiveAsync pending on each socket, as .NET's own event loop and thread pool serve it.</summary>
internal sealed class SocketDelivery : DeliveryContender
{
    private readonly List<Socket> _sockets = [];
    private readonly ManualResetEventSlim _all = new();
    private int _left;
    private volatile bool _closing;

    internal SocketDelivery(DescriptorSet set, int active)
        : base(set, active)
    {
        foreach (int fd in set.Readers)
        {
            Socket socket = new(new SafeSocketHandle(fd, ownsHandle: true));
            SocketAsyncEventArgs receive = new();
            receive.SetBuffer(new byte[16]);
            receive.UserToken = socket;
            receive.Completed += (_, args) => Received(args);
            _sockets.Add(socket);
            Receive(socket, receive);
        }

        set.GiveAway();
    }

    protected override void Expect(int count)
    {
        _all.Reset();
        Volatile.Write(ref _left, count);
    }

    protected override void Take(int count) => _all.Wait();

    public override void Dispose()
    {
        _closing = true;
        foreach (Socket socket in _sockets)
            socket.Dispose();
        base.Dispose();
    }

    private void Receive(Socket socket, SocketAsyncEventArgs args)
    {
        while (!_closing && !socket.ReceiveAsync(args))
            Count(args);
    }

    private void Received(SocketAsyncEventArgs args)
    {
        if (_closing || args.SocketError != SocketError.Success)
        {
            args.Dispose();
            return;
        }

        // Armed again before it is counted: the next round may write as soon as all are counted.
        int received = args.BytesTransferred;
        try
        {
            Receive((Socket)args.UserToken!, args);
        }
        catch (ObjectDisposedException) when (_closing)
        {
            return;
        }

        Count(received);
    }

    private void Count(SocketAsyncEventArgs args) => Count(args.BytesTransferred);

    private void Count(int received)
    {
        if (Interlocked.Add(ref _left, -received) == 0)
            _all.Set();
    }
}
