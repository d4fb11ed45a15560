using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Tests;

/// <summary>What many tests need.</summary>
internal static class Support
{
    /// <summary>Longer than anything takes; a test that waits it out has failed.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    /// <summary>Long enough for a thread to fall asleep, most of the time; no test depends on it.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(30);

    public static string Text(ReadOnlySpan<KEvent> events)
    {
        List<string> lines = [];
        foreach (KEvent e in events)
            lines.Add(e.ToString());
        return $"[{string.Join(", ", lines)}]";
    }

    public static KEvent[] Poll(this Kqueue queue)
    {
        KEvent[] events = new KEvent[16];
        return events[..queue.Wait(events, TimeSpan.Zero)];
    }

    public static KEvent WaitOne(this Kqueue queue)
    {
        KEvent[] events = new KEvent[1];
        Assert.That(queue.Wait(events, Long), Is.EqualTo(1), "no event came");
        return events[0];
    }

    /// <summary>Runs something that blocks on a thread of its own, and gives it time to block.</summary>
    public static Task<T> Blocked<T>(Func<T> blocking)
    {
        Task<T> task = Task.Factory.StartNew(blocking, TaskCreationOptions.LongRunning);
        Thread.Sleep(Moment);
        return task;
    }
}

/// <summary>A pipe.</summary>
internal sealed class TestPipe : IDisposable
{
    private readonly AnonymousPipeServerStream _reader = new(PipeDirection.In);
    private readonly AnonymousPipeClientStream _writer;

    public TestPipe() => _writer = new(PipeDirection.Out, _reader.ClientSafePipeHandle);

    public SafePipeHandle Reader => _reader.SafePipeHandle;

    public SafePipeHandle Writer => _writer.SafePipeHandle;

    public void Write(int bytes) => _writer.Write(new byte[bytes]);

    public void Read(int bytes) => _reader.ReadExactly(new byte[bytes]);

    public void CloseReader() => _reader.Dispose();

    public void CloseWriter() => _writer.Dispose();

    public void Dispose()
    {
        CloseWriter();
        CloseReader();
    }
}
