using System.Runtime.InteropServices;

namespace LibKqueueSharp.Windows;

/// <summary>Where the signals of the process come from; tests give one of their own. Any thread may call any member.</summary>
internal abstract class SignalSource
{
    internal const int SigHup = 1;
    internal const int SigInt = 2;
    internal const int SigQuit = 3;
    internal const int SigTerm = 15;

    /// <summary>The runtime's: control keys and the closing of the console.</summary>
    internal static SignalSource Runtime { get; } = new RuntimeSource();

    /// <summary>Calls for each delivery, on any thread, until what is returned is disposed of.</summary>
    internal abstract IDisposable Register(int signal, Action delivered);

    private sealed class RuntimeSource : SignalSource
    {
        // SIG-007: the registration beside the caller's own changes nothing about what happens to the process.
        internal override IDisposable Register(int signal, Action delivered) =>
            PosixSignalRegistration.Create(ToRuntime(signal), _ => delivered());

        private static PosixSignal ToRuntime(int signal) => signal switch
        {
            SigHup => PosixSignal.SIGHUP,
            SigInt => PosixSignal.SIGINT,
            SigQuit => PosixSignal.SIGQUIT,
            _ => PosixSignal.SIGTERM,
        };
    }
}
