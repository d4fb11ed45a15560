using System.IO.Pipes;

namespace LibKqueueSharp.Windows.Tests.Pipes;

internal sealed class PipeTests
{
    [Test]
    public void ReadableUntilTheEnd()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        using TestQueue kq = new();
        nuint ident = (nuint)reader.SafePipeHandle.DangerousGetHandle();
        kq.Add(ident, EventFilter.Read);
        kq.Quiet();
        writer.Write("hello"u8);
        Assert.That(kq.One().Data, Is.EqualTo(5));
        Assert.That(kq.One().Data, Is.EqualTo(5));
        reader.ReadExactly(new byte[5]);
        kq.Quiet();
        writer.Dispose();
        KEvent e = kq.One();
        Assert.That((e.Data, e.Flags & EventFlags.Eof), Is.EqualTo((0L, EventFlags.Eof)), TestQueue.Describe([e]));
    }

    [Test]
    public void EdgesOfAPipe()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        using TestQueue kq = new();
        kq.Add((nuint)reader.SafePipeHandle.DangerousGetHandle(), EventFilter.Read, EventFlags.Clear);
        writer.Write("hello"u8);
        Assert.That(kq.One().Data, Is.EqualTo(5));
        kq.Quiet();
        writer.Write("hello"u8);
        Assert.That(kq.One().Data, Is.EqualTo(10));
        reader.ReadExactly(new byte[10]);
        kq.Quiet();
        writer.Dispose();
        Assert.That(kq.One().Flags & EventFlags.Eof, Is.EqualTo(EventFlags.Eof));
        kq.Quiet();
    }

    [Test]
    public void NamedPipe()
    {
        string name = $"libkqueuesharp-{Environment.ProcessId}";
        using NamedPipeServerStream server = new(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.None, 4096, 4096);
        using NamedPipeClientStream client = new(".", name, PipeDirection.InOut);
        Task accepted = Task.Run(server.WaitForConnection);
        client.Connect(20_000);
        accepted.Wait();
        using TestQueue kq = new();
        kq.Add((nuint)server.SafePipeHandle.DangerousGetHandle(), EventFilter.Read);
        kq.Quiet();
        client.Write("abc"u8);
        Assert.That(kq.One().Data, Is.EqualTo(3));
    }

    [Test]
    public void WriterHasRoom()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        using TestQueue kq = new();
        kq.Add((nuint)writer.SafePipeHandle.DangerousGetHandle(), EventFilter.Write, EventFlags.OneShot);
        Assert.That(kq.One().Data, Is.GreaterThan(0));
    }

    [Test]
    public void ClosedPipeIsDropped()
    {
        using TestQueue kq = new();
        using (AnonymousPipeServerStream reader = new(PipeDirection.In))
            kq.Add((nuint)reader.SafePipeHandle.DangerousGetHandle(), EventFilter.Read);
        kq.Quiet();
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }
}
