using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Linux.Signals;

/// <summary>The handler that the runtime installs when a signal gets its first registration. It is the same for every signal.</summary>
internal static class RuntimeHandler
{
    private static readonly Lazy<SignalAction?> s_action = new(Learn);

    /// <summary>What sigaction(2) shows of a signal that the runtime holds; null when it cannot be found out.</summary>
    internal static SignalAction? Action => s_action.Value;

    /// <summary>
    /// Whether the runtime holds the signal. It then gives it the effect that it had before, unless a registration cancels it. Its libraries may
    /// be part of the program's file; in a program that is compiled ahead of time, so may the program's own handlers.
    /// </summary>
    internal static bool Is(in SignalAction action) =>
        action.IsIn("/libcoreclr.so"u8) || action.IsIn("/libSystem.Native.so"u8)
        || (Action is { } known && (action.HasSameHandler(known) || (RuntimeFeature.IsDynamicCodeCompiled && action.IsInTheModuleOf(known))));

    private static SignalAction? Learn()
    {
        for (int signal = SignalNumbers.Count - 1; SignalNumbers.Check((nuint)signal) == Errno.None; signal--)
        {
            if (SignalAction.Get(signal, out SignalAction found) != Errno.None || !found.IsDefault)
                continue;
            using PosixSignalRegistration registration = PosixSignalRegistration.Create((PosixSignal)signal, _ => { });
            if (SignalAction.Get(signal, out SignalAction installed) == Errno.None && !installed.IsDefault)
                return installed;
        }

        return null;
    }
}
