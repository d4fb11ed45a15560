using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Windows;

/// <summary>An open process, which is the process itself and not its number: the number is not given away while it is open.</summary>
internal sealed class WatchedProcess : WaitHandle
{
    private RegisteredWaitHandle? _wait;
    private WaitPacket? _packet;

    private WatchedProcess(nint handle) => SafeWaitHandle = new SafeWaitHandle(handle, ownsHandle: true);

    /// <returns>ESRCH when there is no such process, EACCES when it may not be opened.</returns>
    internal static Errno Open(nuint id, out WatchedProcess? process)
    {
        Errno error = Sys.OpenProcess(id, out nint handle);
        process = error == Errno.None ? new WatchedProcess(handle) : null;
        return error;
    }

    internal bool HasExited => WaitOne(0);

    /// <summary>The exit code, which is of use only after the exit.</summary>
    internal uint ExitCode => Sys.ExitCode(SafeWaitHandle.DangerousGetHandle());

    /// <summary>A packet waits for the exit, and no thread.</summary>
    internal bool IsToldByPort => _packet is not null;

    /// <summary>Has the port of a packet told once when the process has exited. Owns the packet if that can be.</summary>
    internal bool TryTell(WaitPacket packet, nint context)
    {
        if (!packet.Begin(SafeWaitHandle.DangerousGetHandle(), context))
            return false;
        _packet = packet;
        return true;
    }

    /// <summary>Has a thread of the runtime's pool call once, with no lock held, when the process has exited.</summary>
    internal void Tell(Action exited) => _wait = ThreadPool.UnsafeRegisterWaitForSingleObject(
        this, static (exited, _) => ((Action)exited!)(), exited, Timeout.Infinite, executeOnlyOnce: true);

    /// <summary>Does not wait for a call that is under way. The registered wait keeps the handle until it has ended.</summary>
    protected override void Dispose(bool explicitDisposing)
    {
        if (explicitDisposing)
            _packet?.Dispose();
        _wait?.Unregister(null);
        base.Dispose(explicitDisposing);
    }
}
