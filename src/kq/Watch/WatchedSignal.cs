using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kq.Watch;

/// <summary>A signal to this process. Watching changes no disposition, so its default action is taken from it here.</summary>
/// <param name="signal">Its number.</param>
internal sealed class WatchedSignal(int signal)
    : Watched(SignalNames.Of(signal), new((nuint)signal, EventFilter.Signal, EventFlags.Add))
{
    private PosixSignalRegistration? _withoutEffect;

    public override void AfterRegistration() =>
        _withoutEffect ??= PosixSignalRegistration.Create(OfRuntime(), context => context.Cancel = true);

    // Windows takes the runtime's own numbers only.
    private PosixSignal OfRuntime() => Enum.TryParse(Name, out PosixSignal known) ? known : (PosixSignal)signal;
}
