using System.Diagnostics.CodeAnalysis;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>
/// kqueue(2) on Windows 10 or later: the engine over an I/O completion port and AFD polls. The ident of a socket is its SOCKET. A queue holds one
/// handle, and one more for every 32 sockets. It starts no thread; sockets with EV_CLEAR use one registered wait of the runtime's pool in the whole process.
/// </summary>
/// <remarks>
/// All members may be called by any thread at any time. A socket that is registered with EV_CLEAR becomes non-blocking, and must not be given to
/// WSAEventSelect by anybody else meanwhile; nothing else about it changes.
/// </remarks>
public sealed class WindowsBackend : KqueueBackend
{
    private readonly SignalSource _signals;

    /// <summary>Creates the backend.</summary>
    public WindowsBackend()
        : this(SignalSource.Runtime)
    {
    }

    internal WindowsBackend(SignalSource signals) => _signals = signals;

    /// <summary>
    /// Uses nothing that some version of Windows does not have, as if this one had it not: wait-completion packets (Windows 8), high-resolution timers (Windows
    /// 10 1803), and polls that skip the port. For tests of the fallbacks; counts for queues that are created afterwards.
    /// </summary>
    public bool Fallbacks { get; init; }

    /// <summary>
    /// How often a file of EVFILT_VNODE or EVFILT_READ is compared with what it was, while somebody waits, in addition to what its directory tells: Windows
    /// may tell of a write only when the writer closes the file. It costs some four system calls a registration each time; a second is the default, and zero
    /// relies on the directory. Files of which no directory tells, as those whose name was removed, are compared ten times a second in any case.
    /// Counts for queues that are created afterwards.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The interval is negative, or shorter than a millisecond.</exception>
    public TimeSpan FileInterval
    {
        get;
        init
        {
            if (value != TimeSpan.Zero)
                ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1));
            field = value;
        }
    } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override string Name => "windows";

    /// <inheritdoc/>
    public override KqueueCapabilities Capabilities => WindowsCapabilities.Read(Fallbacks);

    /// <inheritdoc/>
    [SuppressMessage("Reliability", "CA2000", Justification = "The queue owns the poller.")]
    public override BackendQueue CreateQueue(Dialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        return new EmulatedQueue(new IocpPoller(Fallbacks, _signals) { FileInterval = (long)FileInterval.TotalNanoseconds }, dialect, TimeProvider.System);
    }
}
