using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Queues;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Rows;

/// <summary>Adds all descriptors of a set, or deletes them; the other half is not measured.</summary>
internal abstract class Registration(DescriptorSet set, bool delete) : Contender
{
    private int _done;

    internal override int Batch => set.Count;

    internal override void Prime()
    {
        if (delete)
            AddFirst(set.Count);
    }

    internal override void Run(int operations)
    {
        if (delete)
            DeleteFirst(operations);
        else
            AddFirst(operations);
        _done = operations;
    }

    internal override void Reset()
    {
        if (delete)
            AddFirst(_done);
        else
            DeleteFirst(_done);
    }

    public override void Dispose() => set.Dispose();

    protected abstract void Add(int fd);

    protected abstract void Delete(int fd);

    private void AddFirst(int count)
    {
        foreach (int fd in set.Readers[..count])
            Add(fd);
    }

    private void DeleteFirst(int count)
    {
        foreach (int fd in set.Readers[..count])
            Delete(fd);
    }
}

/// <summary>EV_ADD and EV_DELETE, a call each.</summary>
internal sealed class KeventRegistration<TQueue>(DescriptorSet set, bool delete) : Registration(set, delete)
    where TQueue : struct, IKeventQueue<TQueue>
{
    private readonly TQueue _queue = TQueue.Create();

    protected override void Add(int fd) => _queue.Add(fd);

    protected override void Delete(int fd) => _queue.Change(fd, EventFlags.Delete);

    public override void Dispose()
    {
        _queue.Dispose();
        base.Dispose();
    }
}

/// <summary>EPOLL_CTL_ADD and EPOLL_CTL_DEL.</summary>
internal sealed class EpollRegistration(DescriptorSet set, bool delete) : Registration(set, delete)
{
    private readonly int _epfd = Libc.EpollCreate();

    protected override void Add(int fd) => Libc.EpollControl(_epfd, Libc.EPOLL_CTL_ADD, fd, Libc.EPOLLIN);

    protected override void Delete(int fd) => Libc.EpollControl(_epfd, Libc.EPOLL_CTL_DEL, fd, 0);

    public override void Dispose()
    {
        Libc.Close(_epfd);
        base.Dispose();
    }
}
