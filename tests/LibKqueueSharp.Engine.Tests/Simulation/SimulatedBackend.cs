using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Engine.Tests.Simulation;

/// <summary>The contract of a backend over <see cref="SimulatedPoller"/>.</summary>
internal sealed class SimulatedBackend(VirtualClock clock) : KqueueBackend
{
    public override string Name => "simulated";

    public override KqueueCapabilities Capabilities { get; } = new(
        "simulated",
        "a kernel in memory",
        [
            new FilterCapability(EventFilter.Read, true, [], "sources that a test sets"),
            new FilterCapability(EventFilter.Timer, true, [], "the engine's own"),
            new FilterCapability(EventFilter.User, true, [], "the engine's own"),
        ],
        [],
        [.. Dialect.All.Select(d => d.Name)]);

    public override BackendQueue CreateQueue(Dialect dialect) =>
        new EmulatedQueue(new SimulatedPoller(clock), dialect, clock);
}
