namespace LibKqueueSharp.Windows;

/// <summary>The queues whose descriptor was asked for, by its handle, and which of them watches which. Any thread may call any member.</summary>
internal static class NestedQueues
{
    /// <summary>Guards everything here. Taken inside a queue's lock; none is taken inside it.</summary>
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<nuint, WeakReference<IocpPoller>> s_shown = [];
    private static readonly List<(IocpPoller Outer, IocpPoller Inner)> s_watches = [];

    internal static void Show(nuint handle, IocpPoller queue)
    {
        lock (s_gate)
            s_shown[handle] = queue.Self;
    }

    internal static void Hide(nuint handle)
    {
        lock (s_gate)
            s_shown.Remove(handle);
    }

    internal static IocpPoller? Find(nuint handle)
    {
        lock (s_gate)
            return s_shown.TryGetValue(handle, out WeakReference<IocpPoller>? entry) && entry.TryGetTarget(out IocpPoller? queue) ? queue : null;
    }

    /// <summary>Begins to watch. EINVAL for a circle: its queues would lock each other.</summary>
    internal static Errno Begin(IocpPoller outer, IocpPoller inner)
    {
        lock (s_gate)
        {
            if (Reaches(inner, outer))
                return Errno.EINVAL;
            s_watches.Add((outer, inner));
            return Errno.None;
        }
    }

    internal static void End(IocpPoller outer, IocpPoller inner)
    {
        lock (s_gate)
            s_watches.Remove((outer, inner));
    }

    private static bool Reaches(IocpPoller from, IocpPoller to) =>
        from == to || s_watches.Exists(watch => watch.Outer == from && Reaches(watch.Inner, to));
}
