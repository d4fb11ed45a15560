using System.IO.Pipes;
using LibKqueueSharp.Windows.Tests.Files;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Windows.Tests.Pipes;

internal sealed class PipeTests
{
    [Test]
    public void DisabledAndEnabledWhereEnablingAsksNothing()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        nuint ident = (nuint)reader.SafePipeHandle.DangerousGetHandle();
        using TestQueue kq = new(Dialect.NetBsd);
        kq.Add(ident, EventFilter.Read);
        kq.Apply(ident, EventFilter.Read, EventFlags.Disable);
        kq.Apply(ident, EventFilter.Read, EventFlags.Enable);
        using Timer timer = new(_ => writer.Write(new byte[3]), null, 100, Timeout.Infinite);
        Assert.That(kq.One().Data, Is.EqualTo(3));
    }

    [Test]
    public void WriterWatchedForReadingStaysRegistered()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        nuint ident = (nuint)writer.SafePipeHandle.DangerousGetHandle();
        using TestQueue kq = new();
        kq.Add(ident, EventFilter.Read);
        writer.Write(new byte[3]);
        kq.Quiet();
        kq.Apply(ident, EventFilter.Read, EventFlags.Delete);
    }

    [Test]
    public void WriterHearsThatTheReaderIsGone([Values] bool clear)
    {
        AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        nuint ident = (nuint)writer.SafePipeHandle.DangerousGetHandle();
        using TestQueue kq = new(Dialect.NetBsd);
        kq.Add(ident, EventFilter.Write, clear ? EventFlags.Clear : EventFlags.None);
        Assert.That(kq.One().IsEof, Is.False);
        if (clear)
            kq.Quiet();
        using (Timer timer = new(_ => CloseReader(reader), null, 50, Timeout.Infinite))
        {
            KEvent e = kq.One();
            while (!e.IsEof)
                e = kq.One();
        }

        if (clear)
            kq.Quiet();
        kq.Apply(ident, EventFilter.Write, EventFlags.Delete);
        Assert.That(kq.Try(ident, EventFilter.Write, EventFlags.Add), Is.EqualTo(Errno.EBADF));
    }

    [Test]
    public void ClosedWriterIsDropped()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        nuint ident = (nuint)writer.SafePipeHandle.DangerousGetHandle();
        using TestQueue kq = new();
        kq.Add(ident, EventFilter.Write);
        kq.One();
        writer.Dispose();
        kq.Quiet();
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    /// <summary>Handles are used again at once, and most of them are no pipes.</summary>
    [Test]
    public void HandleThatBecameAnEventIsNoPipe()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        nuint ident = (nuint)writer.SafePipeHandle.DangerousGetHandle();
        using TestQueue kq = new();
        kq.Add(ident, EventFilter.Write);
        kq.One();
        writer.Dispose();
        List<ManualResetEvent> others = [];
        try
        {
            bool Found() => others.Exists(other => (nuint)other.SafeWaitHandle.DangerousGetHandle() == ident);
            while (others.Count < 1000 && !Found())
                others.Add(new ManualResetEvent(false));
            Assert.That(Found(), Is.True, "the number is used again");
            kq.Quiet();
            Assert.That(kq.Queue.KnoteCount, Is.Zero);
        }
        finally
        {
            others.ForEach(other => other.Dispose());
        }
    }

    /// <summary>A change under another filter than the pipe's meets what the number stands for now.</summary>
    [Test]
    public void NumberOfAPipeBecomesAFile()
    {
        using Scratch scratch = new();
        string path = scratch.Make("file");
        using AnonymousPipeServerStream writer = new(PipeDirection.Out);
        AnonymousPipeClientStream reader = new(PipeDirection.In, writer.ClientSafePipeHandle);
        nuint ident = (nuint)reader.SafePipeHandle.DangerousGetHandle();
        using TestQueue kq = new();
        kq.Add(ident, EventFilter.Read);
        kq.Quiet();
        reader.Dispose();
        List<SafeFileHandle> others = [];
        try
        {
            bool Found() => others.Exists(other => (nuint)other.DangerousGetHandle() == ident);
            while (others.Count < 1000 && !Found())
                others.Add(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
            Assert.That(Found(), Is.True, "the number is used again");
            kq.Add(ident, EventFilter.Write);
            Assert.That(kq.One().Filter, Is.EqualTo(EventFilter.Write));
            Assert.That(kq.Queue.KnoteCount, Is.EqualTo(1), "the registration of the pipe is gone");
        }
        finally
        {
            others.ForEach(other => other.Dispose());
        }
    }

    /// <summary>As without the other registration.</summary>
    [Test]
    public void ExceptOfAPipeThatIsReadIsRefused()
    {
        using AnonymousPipeServerStream writer = new(PipeDirection.Out);
        using AnonymousPipeClientStream reader = new(PipeDirection.In, writer.ClientSafePipeHandle);
        nuint ident = (nuint)reader.SafePipeHandle.DangerousGetHandle();
        using TestQueue kq = new();
        Assert.That(kq.Try(ident, EventFilter.Except, EventFlags.Add), Is.EqualTo(Errno.ENOTSUP));
        kq.Add(ident, EventFilter.Read);
        Assert.That(kq.Try(ident, EventFilter.Except, EventFlags.Add), Is.EqualTo(Errno.ENOTSUP));
        writer.Write(new byte[2]);
        Assert.That(kq.One().Data, Is.EqualTo(2));
    }

    [Test]
    public void DrainedAndFilledToTheSameSizeIsAnEdge()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        using TestQueue kq = new();
        kq.Add((nuint)reader.SafePipeHandle.DangerousGetHandle(), EventFilter.Read, EventFlags.Clear);
        writer.Write(new byte[4]);
        for (int i = 0; i < 3; i++)
        {
            Assert.That(kq.One().Data, Is.EqualTo(4));
            Assert.That(reader.Read(new byte[4]), Is.EqualTo(4));
            writer.Write(new byte[4]);
        }
    }

    /// <summary>The deviation pipe-told-again.</summary>
    [Test]
    public void WhatNobodyReadsIsToldAgain()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        using TestQueue kq = new();
        kq.Add((nuint)reader.SafePipeHandle.DangerousGetHandle(), EventFilter.Read, EventFlags.Clear);
        writer.Write(new byte[4]);
        Assert.That(kq.One().Data, Is.EqualTo(4));
        kq.Quiet();
        Assert.That(kq.One().Data, Is.EqualTo(4));
    }

    [Test]
    public void CallThatDoesNotWaitSeesWhatIsThere([Values] bool clear)
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        using TestQueue kq = new();
        kq.Add((nuint)reader.SafePipeHandle.DangerousGetHandle(), EventFilter.Read, clear ? EventFlags.Clear : EventFlags.None);
        kq.Quiet();
        for (int i = 0; i < 20; i++)
        {
            writer.Write(new byte[3]);
            KEvent[] events = kq.Poll();
            Assert.That(events, Has.Length.EqualTo(1), TestQueue.Describe(events));
            Assert.That(reader.Read(new byte[3]), Is.EqualTo(3));
            Assert.That(kq.Poll(), Is.Empty);
        }
    }

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
    public void EndBeforeRegistrationIsTold()
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        writer.Dispose();
        EndIsToldForEachChange((nuint)reader.SafePipeHandle.DangerousGetHandle(), EventFilter.Read);
    }

    [Test]
    public void ReaderGoneBeforeRegistrationIsTold()
    {
        AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        CloseReader(reader);
        EndIsToldForEachChange((nuint)writer.SafePipeHandle.DangerousGetHandle(), EventFilter.Write);
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

    // With EV_CLEAR, in a dialect where the end of a pipe takes no registration away.
    private static void EndIsToldForEachChange(nuint ident, EventFilter filter)
    {
        using TestQueue kq = new(Dialect.MacOs);
        kq.Add(ident, filter, EventFlags.Clear);
        for (int i = 0; i < 3; i++)
        {
            KEvent e = kq.One();
            Assert.That(e.IsEof, Is.True, TestQueue.Describe([e]));
            kq.Quiet();
            if (i == 1)
                kq.Apply(ident, filter, EventFlags.Disable);
            kq.Apply(ident, filter, i == 1 ? EventFlags.Enable : EventFlags.Add | EventFlags.Clear);
        }
    }

    // The stream owns both handles once the writer's was handed out.
    private static void CloseReader(AnonymousPipeServerStream reader) => reader.SafePipeHandle.Dispose();
}
