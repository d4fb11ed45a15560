namespace LibKqueueSharp.Windows;

/// <summary>The AFD_POLL_* bits.</summary>
[Flags]
internal enum AfdEvents : uint
{
    None = 0,
    Receive = 0x001,
    ReceiveUrgent = 0x002,
    Send = 0x004,

    /// <summary>The peer has ended its side.</summary>
    Disconnect = 0x008,

    /// <summary>The connection was reset.</summary>
    Abort = 0x010,

    /// <summary>The socket was closed here.</summary>
    LocalClose = 0x020,
    Connect = 0x040,
    Accept = 0x080,
    ConnectFail = 0x100,

    /// <summary>What ends a connection.</summary>
    Ends = Disconnect | Abort | ConnectFail,
}
