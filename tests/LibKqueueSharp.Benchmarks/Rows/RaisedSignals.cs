using System.ComponentModel;
using System.Runtime.InteropServices;
using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Queues;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Rows;

/// <summary>The process sends itself SIGUSR1, and the watcher tells of it.</summary>
internal abstract class RaisedSignals : Contender
{
    internal override void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            if (Libc.Kill(Environment.ProcessId, Libc.SIGUSR1) < 0)
                throw new Win32Exception();
            Take();
        }
    }

    protected abstract void Take();
}

/// <summary>EVFILT_SIGNAL beside a handler that lets the program live.</summary>
internal sealed class KeventRaisedSignals<TQueue> : RaisedSignals
    where TQueue : struct, IKeventQueue<TQueue>
{
    private readonly PosixSignalRegistration _survive = SurvivingHandler.Register(static () => { });
    private readonly TQueue _queue = TQueue.Create();
    private readonly KEvent[] _events = new KEvent[8];

    internal KeventRaisedSignals() => _queue.AddSignal(Libc.SIGUSR1);

    public override void Dispose()
    {
        _queue.Dispose();
        _survive.Dispose();
    }

    protected override void Take() => _queue.Wait(_events);
}

/// <summary>PosixSignalRegistration, whose handler runs in the thread pool, and a semaphore.</summary>
internal sealed class RegisteredSignals : RaisedSignals
{
    private readonly SemaphoreSlim _told = new(0);
    private readonly PosixSignalRegistration _registration;

    internal RegisteredSignals() => _registration = SurvivingHandler.Register(() => _told.Release());

    public override void Dispose()
    {
        _registration.Dispose();
        _told.Dispose();
    }

    protected override void Take() => _told.Wait();
}

/// <summary>A handler that cancels the default action.</summary>
internal static class SurvivingHandler
{
    internal static PosixSignalRegistration Register(Action told) =>
        PosixSignalRegistration.Create((PosixSignal)Libc.SIGUSR1, context =>
        {
            context.Cancel = true;
            told();
        });
}
