using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>
/// A socket that has knotes in a queue. A poll for nothing but its closing, the guard, runs as long as it has any: whether the number still
/// stands for this socket is asked by cancelling it (docs/decisions/0015-windows.md). Guarded by the queue's lock.
/// </summary>
internal sealed class WatchedSocket(nuint ident)
{
    private readonly Interest?[] _interests = new Interest?[3];

    internal nuint Ident { get; } = ident;

    internal nint Handle => (nint)Ident;

    /// <summary>The socket as AFD knows it; 0 until it is watched.</summary>
    internal nint Base;

    /// <summary>The handle that it is polled with.</summary>
    internal AfdHandle? Afd;

    internal Poll? Guard;

    internal WatchedKind Kind;

    /// <summary>Which file it is, if it is one.</summary>
    internal FileIdentity File;

    internal bool IsStream;

    /// <summary>A connection waited when it was looked at last.</summary>
    internal bool IsListening;

    internal int Count { get; private set; }

    internal Interest? this[EventFilter filter] => _interests[Index(filter)];

    internal void Add(Knote kn)
    {
        _interests[Index(kn.Filter.Number)] = new Interest(this, kn);
        Count++;
    }

    internal void Remove(Knote kn)
    {
        _interests[Index(kn.Filter.Number)] = null;
        Count--;
    }

    internal Knote? AnyKnote() => (_interests[0] ?? _interests[1] ?? _interests[2])?.Knote;

    private static int Index(EventFilter filter) => filter switch
    {
        EventFilter.Read => 0,
        EventFilter.Write => 1,
        _ => 2,
    };
}

/// <summary>What stands behind a watched handle. Only sockets have polls and guards.</summary>
internal enum WatchedKind : byte
{
    Socket,
    Pipe,
    Queue,
    File,
}

/// <summary>What a knote on a socket has beside its own fields. Guarded by the queue's lock.</summary>
internal sealed class Interest(WatchedSocket socket, Knote knote)
{
    internal WatchedSocket Socket { get; } = socket;

    internal Knote Knote { get; } = knote;

    /// <summary>The poll that is under way for it.</summary>
    internal Poll? Poll;

    /// <summary>An end was delivered: it is no edge any more, until a change asks for the condition.</summary>
    internal AfdEvents Reported;

    /// <summary>The ends that the event holds which f_event has set: reported once it is delivered.</summary>
    internal AfdEvents Found;

    /// <summary>An EV_CLEAR event was delivered and no edge has been seen since.</summary>
    internal bool IsLatched;

    /// <summary>The bytes that there were when it was looked at last.</summary>
    internal long Bytes;

    /// <summary>The count of <see cref="Edges"/> when it was looked at last.</summary>
    internal long SeenEdges;

    internal SocketEdges? Edges;

    /// <summary>The queue that is watched.</summary>
    internal IocpPoller? Inner;

    /// <summary>When the bytes of a pipe are told again though they seem to be the same, in nanoseconds of the queue's clock.</summary>
    internal long TellAgain;

    /// <summary>Nanoseconds from one look by time to the next.</summary>
    internal long Step;
}

/// <summary>An open AFD handle, and how many sockets use it.</summary>
internal sealed class AfdHandle(nint handle, bool skips)
{
    internal nint Handle { get; } = handle;

    /// <summary>A poll that succeeds at once posts no packet.</summary>
    internal bool Skips { get; } = skips;

    internal int Sockets;
}
