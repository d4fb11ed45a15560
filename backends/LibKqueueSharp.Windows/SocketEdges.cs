namespace LibKqueueSharp.Windows;

/// <summary>The FD_* bits.</summary>
[Flags]
internal enum RecordedEvents
{
    None = 0,
    Read = 0x01,
    Write = 0x02,
    Urgent = 0x04,
    Accept = 0x08,
}

/// <summary>
/// What Winsock records of one socket for EV_CLEAR: AFD knows levels only. There is one record a socket in the process, so queues that watch the
/// same socket share it, and it is counted here. All sockets set one event, for which one thread of the runtime's pool waits. Any thread may call any member.
/// </summary>
internal sealed class SocketEdges
{
    private const int Kinds = 4;

    /// <summary>Guards the dictionary and the fields of all objects in it. Taken inside a queue's lock; none is taken inside it.</summary>
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<nint, SocketEdges> s_all = [];
    private static AutoResetEvent? s_recorded;

    private readonly nint _socket;
    private readonly List<WeakReference<IocpPoller>> _users = [];
    private readonly long[] _counts = new long[Kinds];
    private RecordedEvents _events;

    private SocketEdges(nint socket) => _socket = socket;

    /// <summary>Begins to record; the socket becomes non-blocking.</summary>
    internal static SocketEdges Acquire(nint socket, RecordedEvents events, IocpPoller poller)
    {
        lock (s_gate)
        {
            if (s_recorded is null)
            {
                s_recorded = new AutoResetEvent(false);
                ThreadPool.UnsafeRegisterWaitForSingleObject(
                    s_recorded, static (_, _) => Tell(), null, Timeout.Infinite, executeOnlyOnce: false);
            }

            if (!s_all.TryGetValue(socket, out SocketEdges? edges))
                s_all.Add(socket, edges = new SocketEdges(socket));
            edges._users.Add(poller.Self);
            edges._events |= events;

            // Made anew also when it was there: the number may have got another socket. What was recorded until now stays an edge.
            edges.Take();
            Sys.SelectEvents(socket, s_recorded.SafeWaitHandle.DangerousGetHandle(), (int)edges._events);
            return edges;
        }
    }

    /// <param name="poller">Who no longer needs it.</param>
    /// <param name="open">Whether the number still stands for the socket.</param>
    internal void Release(IocpPoller poller, bool open)
    {
        lock (s_gate)
        {
            _users.Remove(poller.Self);
            if (_users.Count != 0)
                return;
            s_all.Remove(_socket);
            if (open)
                Sys.SelectEvents(_socket, 0, 0);
        }
    }

    /// <summary>How often one of some events was recorded, ever.</summary>
    internal long Look(RecordedEvents events)
    {
        lock (s_gate)
        {
            Take();
            long sum = 0;
            for (int kind = 0; kind < Kinds; kind++)
                sum += ((int)events & 1 << kind) != 0 ? _counts[kind] : 0;
            return sum;
        }
    }

    private void Take()
    {
        int recorded = Sys.TakeRecordedEvents(_socket);
        for (int kind = 0; kind < Kinds; kind++)
        {
            if ((recorded & 1 << kind) != 0)
                _counts[kind]++;
        }
    }

    private static void Tell()
    {
        HashSet<IocpPoller> users = [];
        lock (s_gate)
        {
            foreach (SocketEdges edges in s_all.Values)
            {
                foreach (WeakReference<IocpPoller> user in edges._users)
                {
                    if (user.TryGetTarget(out IocpPoller? poller))
                        users.Add(poller);
                }
            }
        }

        foreach (IocpPoller poller in users)
            poller.EdgeRecorded();
    }
}
