namespace LibKqueueSharp.Linux;

/// <summary>The event bits of epoll(7).</summary>
[Flags]
internal enum EpollEvents : uint
{
    None = 0,
    In = 0x001,
    Priority = 0x002,
    Out = 0x004,
    Error = 0x008,
    HangUp = 0x010,
    ReadHangUp = 0x2000,
    Edge = 0x8000_0000,

    /// <summary>Reported whether asked for or not.</summary>
    Always = Error | HangUp,
}
