namespace LibKqueueSharp.Benchmarks.Queues;

/// <summary>The changes that the rows are made of.</summary>
internal static class KeventQueueExtensions
{
    internal static void Add<TQueue>(this TQueue queue, int fd, EventFlags flags = EventFlags.None)
        where TQueue : struct, IKeventQueue<TQueue> =>
        queue.Apply(new KEvent((nuint)fd, EventFilter.Read, EventFlags.Add | flags));

    internal static void Change<TQueue>(this TQueue queue, int fd, EventFlags flags)
        where TQueue : struct, IKeventQueue<TQueue> =>
        queue.Apply(new KEvent((nuint)fd, EventFilter.Read, flags));

    internal static void AddUserEvent<TQueue>(this TQueue queue, int id)
        where TQueue : struct, IKeventQueue<TQueue> =>
        queue.Apply(new KEvent((nuint)id, EventFilter.User, EventFlags.Add | EventFlags.Clear));

    internal static void Trigger<TQueue>(this TQueue queue, int id)
        where TQueue : struct, IKeventQueue<TQueue> =>
        queue.Apply(new KEvent((nuint)id, EventFilter.User, EventFlags.None, (uint)UserNotes.Trigger));

    internal static void AddTimer<TQueue>(this TQueue queue, int id, int milliseconds)
        where TQueue : struct, IKeventQueue<TQueue> =>
        queue.Apply(new KEvent((nuint)id, EventFilter.Timer, EventFlags.Add | EventFlags.OneShot, 0, milliseconds));

    internal static void DeleteTimer<TQueue>(this TQueue queue, int id)
        where TQueue : struct, IKeventQueue<TQueue> =>
        queue.Apply(new KEvent((nuint)id, EventFilter.Timer, EventFlags.Delete));

    internal static void AddFile<TQueue>(this TQueue queue, int fd)
        where TQueue : struct, IKeventQueue<TQueue> =>
        queue.Apply(new KEvent((nuint)fd, EventFilter.Vnode, EventFlags.Add | EventFlags.Clear, (uint)VnodeNotes.Write));

    internal static void DeleteFile<TQueue>(this TQueue queue, int fd)
        where TQueue : struct, IKeventQueue<TQueue> =>
        queue.Apply(new KEvent((nuint)fd, EventFilter.Vnode, EventFlags.Delete));

    internal static void AddProcess<TQueue>(this TQueue queue, int pid)
        where TQueue : struct, IKeventQueue<TQueue> =>
        queue.Apply(new KEvent((nuint)pid, EventFilter.Process, EventFlags.Add | EventFlags.OneShot, (uint)ProcessNotes.Exit));

    internal static void AddSignal<TQueue>(this TQueue queue, int signal)
        where TQueue : struct, IKeventQueue<TQueue> =>
        queue.Apply(new KEvent((nuint)signal, EventFilter.Signal, EventFlags.Add | EventFlags.Clear));
}
