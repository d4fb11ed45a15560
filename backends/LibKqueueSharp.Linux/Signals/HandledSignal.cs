using System.Runtime.InteropServices;

namespace LibKqueueSharp.Linux.Signals;

/// <summary>
/// A signal that is seen through the runtime's own handler. What the program does with the signal stays as it is: a default action is
/// left to the runtime, which takes it after the handlers; where a handler or SIG_IGN was, the runtime is told to take none.
/// </summary>
/// <remarks>All members are guarded by the signal's <see cref="SignalWatch"/>, except where noted.</remarks>
internal sealed class HandledSignal(int signal, Action delivered) : IDisposable
{
    private PosixSignalRegistration? _registration;

    /// <summary>What the runtime has installed.</summary>
    private SignalAction _installed;

    /// <summary>SIG_IGN was there, and returns with the last knote.</summary>
    private SignalAction _ignored;
    private bool _wasIgnored;

    /// <summary>Written under the lock before the handler can run, read by it on a thread of the pool.</summary>
    private volatile bool _cancels;

    /// <summary>The default action is to stop, which the runtime does not take in the place of the kernel. As <see cref="_cancels"/>.</summary>
    private volatile bool _stops;

    /// <summary>
    /// Makes deliveries visible; also after the program has changed the disposition meanwhile.
    /// </summary>
    internal Errno Install()
    {
        Errno error = SignalAction.Get(signal, out SignalAction found);
        if (error != Errno.None)
            return error;
        if (_registration is not null && found.HasSameHandler(_installed))
            return Errno.None;

        // SIG-004. Handling it would leave zombies that nobody waits for.
        if (found.IsIgnored && signal == SignalNumbers.SIGCHLD)
            return Errno.None;
        return found.IsIgnored ? InstallOverIgnored(found) : InstallOverOther(found);
    }

    /// <summary>Whether the program has set a handler, which may lie under the runtime's by now.</summary>
    internal bool HasHandlerOfTheProgram()
    {
        if (SignalAction.Get(signal, out SignalAction found) != Errno.None)
            return true;
        if (_registration is not null && found.HasSameHandler(_installed))
            return _cancels && !_wasIgnored;
        return found.IsIgnored ? signal == SignalNumbers.SIGCHLD : !found.IsDefault && !RuntimeHandler.Is(found);
    }

    /// <summary>
    /// The last knote has gone. A signal that is on its way to a registration which is disposed of has its default effect, so where it must have
    /// none the registration stays, without being reached.
    /// </summary>
    public void Dispose()
    {
        if (_registration is null)
            return;
        if (!_wasIgnored)
        {
            Release();
            return;
        }

        if (SignalAction.Get(signal, out SignalAction found) == Errno.None && found.HasSameHandler(_installed))
            SignalAction.Set(signal, _ignored);
    }

    // The runtime does not look at signals that it finds ignored. From here to its handler the signal meets one without effect: SIGPIPE, which
    // the runtime ignores, would end the process in between.
    private Errno InstallOverIgnored(in SignalAction found)
    {
        (_ignored, _wasIgnored, _cancels, _stops) = (found, true, true, false);
        if (_registration is not null)
        {
            SignalAction.Set(signal, _installed);
            return Errno.None;
        }

        SignalAction.Set(signal, SignalAction.WithoutEffect);
        Errno error = Register();
        if (error == Errno.None && !_installed.HasSameHandler(SignalAction.WithoutEffect))
            return Errno.None;

        // The program has ignored the signal after the runtime had installed its handler, which it does once only.
        if (error == Errno.None && RuntimeHandler.Action is { } handler)
        {
            SignalAction.Set(signal, handler);
            _installed = handler;
            return Errno.None;
        }

        SignalAction.Set(signal, found);
        Release();
        return error == Errno.None ? Errno.ENOTSUP : error;
    }

    private Errno InstallOverOther(in SignalAction found)
    {
        if (_registration is not null)
        {
            Release();
            SignalAction.Set(signal, found);
        }

        bool isRuntimes = !found.IsDefault && RuntimeHandler.Is(found);
        (_wasIgnored, _cancels) = (false, !found.IsDefault && !isRuntimes);
        _stops = found.IsDefault && SignalNumbers.Stops(signal);
        Errno error = Register();
        if (error != Errno.None || isRuntimes)
            return error;

        // The program has set this action after the runtime had installed its handler for another registration, which it does once only. A
        // handler that is not below the runtime's would not be called by it.
        if (_installed.HasSameHandler(found))
        {
            if (!found.IsDefault || RuntimeHandler.Action is not { } handler)
            {
                Release();
                return Errno.ENOTSUP;
            }

            _installed = handler;
        }

        SignalAction.Set(signal, _installed.InPlaceOf(found));
        return Errno.None;
    }

    private Errno Register()
    {
        try
        {
            _registration = PosixSignalRegistration.Create((PosixSignal)signal, Deliver);
        }
        catch (IOException)
        {
            return Errno.EINVAL;
        }

        return SignalAction.Get(signal, out _installed);
    }

    private void Release()
    {
        _registration?.Dispose();
        _registration = null;
    }

    private void Deliver(PosixSignalContext context)
    {
        if (_cancels)
            context.Cancel = true;
        delivered();
        if (_stops && !context.Cancel)
            SignalAction.StopProcess();
    }
}
