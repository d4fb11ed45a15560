namespace LibKqueueSharp.Conformance.Replay;

/// <summary>What a scenario needs of the system and of a backend; callers choose scenarios by it.</summary>
[Flags]
public enum ScenarioNeeds
{
    /// <summary>A queue and nothing else.</summary>
    None = 0,

    /// <summary>Pipes.</summary>
    Pipes = 0x0001,

    /// <summary>UNIX, TCP or UDP sockets.</summary>
    Sockets = 0x0002,

    /// <summary>Files, directories and paths.</summary>
    Files = 0x0004,

    /// <summary>EVFILT_VNODE.</summary>
    Vnode = 0x0008,

    /// <summary>Child processes, or EVFILT_PROC.</summary>
    Processes = 0x0010,

    /// <summary>Signals, or EVFILT_SIGNAL.</summary>
    Signals = 0x0020,

    /// <summary>EVFILT_TIMER.</summary>
    Timers = 0x0040,

    /// <summary>EVFILT_USER.</summary>
    UserEvents = 0x0080,

    /// <summary>More than one queue at a time.</summary>
    SeveralQueues = 0x0100,

    /// <summary>EVFILT_EMPTY.</summary>
    Empty = 0x0200,
}
