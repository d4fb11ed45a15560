namespace LibKqueueSharp.Windows;

/// <summary>The queues whose descriptor was asked for, by its handle, and which of them watches which. Any thread may call any member.</summary>
internal static class NestedQueues
{
    /// <summary>A look at the outermost queue looks at the others inside each other, on one stack: some 10 KB each.</summary>
    internal const int MostInAChain = 16;

    /// <summary>Guards everything here. Taken inside a queue's lock; none is taken inside it.</summary>
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<nuint, WeakReference<IocpPoller>> s_shown = [];

    /// <summary>By <see cref="IocpPoller.Self"/>: a queue that nobody has disposed of is collected all the same.</summary>
    private static readonly List<(WeakReference<IocpPoller> Outer, WeakReference<IocpPoller> Inner)> s_watches = [];

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

    /// <summary>Begins to watch. EINVAL for a circle, whose queues would lock each other, and for a chain that becomes too long.</summary>
    internal static Errno Begin(IocpPoller outer, IocpPoller inner)
    {
        lock (s_gate)
        {
            s_watches.RemoveAll(watch => !watch.Outer.TryGetTarget(out _));
            Dictionary<WeakReference<IocpPoller>, int> below = [];
            int chain = Longest(inner.Self, below, watch => watch.Outer, watch => watch.Inner)
                + Longest(outer.Self, [], watch => watch.Inner, watch => watch.Outer);
            if (below.ContainsKey(outer.Self) || chain > MostInAChain)
                return Errno.EINVAL;
            s_watches.Add((outer.Self, inner.Self));
            return Errno.None;
        }
    }

    internal static void End(IocpPoller outer, IocpPoller inner)
    {
        lock (s_gate)
            s_watches.Remove((outer.Self, inner.Self));
    }

    /// <summary>The number of queues in the longest chain that begins here, and in <paramref name="known"/> all that are in any.</summary>
    private static int Longest(
        WeakReference<IocpPoller> here,
        Dictionary<WeakReference<IocpPoller>, int> known,
        Func<(WeakReference<IocpPoller> Outer, WeakReference<IocpPoller> Inner), WeakReference<IocpPoller>> from,
        Func<(WeakReference<IocpPoller> Outer, WeakReference<IocpPoller> Inner), WeakReference<IocpPoller>> to)
    {
        if (!known.TryGetValue(here, out int most))
        {
            foreach (var watch in s_watches.Where(watch => from(watch) == here))
                most = Math.Max(most, Longest(to(watch), known, from, to));
            known[here] = ++most;
        }

        return most;
    }
}
