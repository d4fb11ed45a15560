using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace LibKqueueSharp.Tests;

/// <summary>A thread that blocks in a call while the test sends it signals that are handled.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial class SignalledThread<T> : IDisposable
{
    private const int WindowChanged = 28;

    private readonly PosixSignalRegistration _handler = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => { });
    private readonly ManualResetEventSlim _started = new();
    private readonly ManualResetEventSlim _leave = new();
    private readonly TaskCompletionSource<T> _result = new();
    private readonly Thread _thread;
    private nint _self;

    public SignalledThread(Func<T> blocking)
    {
        _thread = new Thread(() =>
        {
            _self = Native.pthread_self();
            _started.Set();
            try
            {
                _result.SetResult(blocking());
            }
            catch (Exception exception)
            {
                _result.SetException(exception);
            }

            // A signal to a thread that has ended is undefined: it stays until the test is done.
            _leave.Wait();
        });
        _thread.Start();
        _started.Wait();
    }

    public Task<T> Result => _result.Task;

    public void Signal()
    {
        Thread.Sleep(Support.Moment);
        Assert.That(Native.pthread_kill(_self, WindowChanged), Is.Zero);
    }

    public void Dispose()
    {
        _leave.Set();
        _thread.Join();
        _handler.Dispose();
        _started.Dispose();
        _leave.Dispose();
    }
}

internal static partial class Native
{
    [LibraryImport("libc")]
    internal static partial nint pthread_self();

    [LibraryImport("libc")]
    internal static partial int pthread_kill(nint thread, int signal);
}
