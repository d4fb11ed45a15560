using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows.Tests;

/// <summary>The backend of Windows, with the poller of its last queue in reach.</summary>
internal sealed class OpenBackend(IWaitPackets? packets = null) : KqueueBackend
{
    private readonly WindowsBackend _backend = new();

    internal IocpPoller Poller { get; private set; } = null!;

    public override string Name => _backend.Name;

    public override KqueueCapabilities Capabilities => _backend.Capabilities;

    public override BackendQueue CreateQueue(Dialect dialect)
    {
        Poller = new IocpPoller(fallbacks: false, SignalSource.Runtime, packets);
        return new EmulatedQueue(Poller, dialect, TimeProvider.System);
    }
}
