namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// Answers kevent(2) on a number that is not one of a scenario's queues. The contract of a backend has no such call;
/// who can make one (a C library, a kernel) plugs it into <see cref="ScenarioPlayer"/>.
/// </summary>
public interface INumericKevent
{
    /// <summary>Makes the call.</summary>
    /// <param name="descriptor">The number.</param>
    /// <param name="changes">The changelist.</param>
    /// <param name="events">The eventlist.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="error">Why it failed.</param>
    /// <returns>What kevent returned.</returns>
    int Kevent(long descriptor, ReadOnlySpan<KEvent> changes, Span<KEvent> events, KeventTimeout timeout, out Errno error);
}
