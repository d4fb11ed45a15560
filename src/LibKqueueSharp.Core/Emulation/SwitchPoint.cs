using System.Diagnostics;

namespace LibKqueueSharp.Emulation;

/// <summary>
/// A place where the engine holds no lock and another thread may change what it has just seen. A stress program that compiles the sources
/// with KQUEUE_SWITCH_POINTS puts a delay there; elsewhere the calls do not exist.
/// </summary>
internal static class SwitchPoint
{
#if KQUEUE_SWITCH_POINTS
    /// <summary>Set before the first queue is created.</summary>
    internal static Action? Delay { get; set; }
#endif

    [Conditional("KQUEUE_SWITCH_POINTS")]
    internal static void Here()
    {
#if KQUEUE_SWITCH_POINTS
        Delay?.Invoke();
#endif
    }
}
