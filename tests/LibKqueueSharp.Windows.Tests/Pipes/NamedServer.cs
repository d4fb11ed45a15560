using System.IO.Pipes;

namespace LibKqueueSharp.Windows.Tests.Pipes;

/// <summary>The server of a named pipe, and what its clients do.</summary>
internal sealed class NamedServer : IDisposable
{
    private static int s_made;

    private readonly string _name = $"libkqueuesharp-{Environment.ProcessId}-{Interlocked.Increment(ref s_made)}";

    internal NamedServer(PipeDirection direction = PipeDirection.InOut) =>
        Stream = new(_name, direction, 1, PipeTransmissionMode.Byte, PipeOptions.None, 4096, 4096);

    internal NamedPipeServerStream Stream { get; }

    internal nuint Ident => (nuint)Stream.SafePipeHandle.DangerousGetHandle();

    internal NamedPipeClientStream Connect()
    {
        NamedPipeClientStream client = new(".", _name, PipeDirection.InOut);
        Task accepted = Task.Run(Stream.WaitForConnection);
        client.Connect(TestQueue.Patience);
        Assert.That(accepted.Wait(TestQueue.Patience), Is.True);
        return client;
    }

    /// <summary>Sends the client away: the server may wait for another then.</summary>
    internal void Disconnect() => Stream.Disconnect();

    public void Dispose() => Stream.Dispose();
}
