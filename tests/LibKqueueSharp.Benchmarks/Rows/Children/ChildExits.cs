using System.ComponentModel;
using System.Diagnostics;
using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Queues;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Rows.Children;

/// <summary>Children are killed one after the other, each when the watcher has told of the exit of the one before. Their start is not measured.</summary>
internal abstract class ChildExits : Contender
{
    private const int Children = 10;

    private readonly Process?[] _children = new Process?[Children];

    internal override int Batch => Children;

    internal override void Prime()
    {
        for (int i = 0; i < Children; i++)
        {
            Process child = Process.Start(new ProcessStartInfo("sleep", "3600"))!;
            _children[i] = child;
            Watch(child);
        }
    }

    internal override void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            Process child = _children[i]!;
            if (Libc.Kill(child.Id, Libc.SIGKILL) < 0)
                throw new Win32Exception();
            Take(child);
        }
    }

    internal override void Reset()
    {
        EndAll();
        Prime();
    }

    public override void Dispose() => EndAll();

    protected abstract void Watch(Process child);

    /// <summary>Returns when the watcher has told of this child's exit.</summary>
    protected abstract void Take(Process child);

    private void EndAll()
    {
        foreach (Process? child in _children)
        {
            if (child is null)
                continue;
            child.Kill();
            child.WaitForExit();
            child.Dispose();
        }
    }
}

/// <summary>EVFILT_PROC with NOTE_EXIT.</summary>
internal sealed class KeventChildExits<TQueue> : ChildExits
    where TQueue : struct, IKeventQueue<TQueue>
{
    private readonly TQueue _queue = TQueue.Create();
    private readonly KEvent[] _events = new KEvent[8];

    public override void Dispose()
    {
        _queue.Dispose();
        base.Dispose();
    }

    protected override void Watch(Process child) => _queue.AddProcess(child.Id);

    protected override void Take(Process child)
    {
        while (true)
        {
            foreach (ref readonly KEvent e in _events.AsSpan(0, _queue.Wait(_events)))
            {
                if (e.Ident == (nuint)child.Id)
                    return;
            }
        }
    }
}

/// <summary>A pidfd for each child, and poll(2) on the one that was killed.</summary>
internal sealed unsafe class PidfdChildExits : ChildExits
{
    private readonly Dictionary<int, int> _pidfds = [];

    public override void Dispose()
    {
        foreach (int pidfd in _pidfds.Values)
            Libc.Close(pidfd);
        base.Dispose();
    }

    protected override void Watch(Process child) => _pidfds[child.Id] = Libc.OpenProcess(child.Id);

    protected override void Take(Process child)
    {
        PollDescriptor descriptor = new() { Fd = _pidfds[child.Id], Events = Libc.POLLIN };
        if (Libc.Poll(&descriptor, 1, -1) < 0)
            throw new Win32Exception();
        _pidfds.Remove(child.Id);
        Libc.Close(descriptor.Fd);
    }
}

/// <summary>Process.WaitForExitAsync.</summary>
internal sealed class AsyncChildExits : ChildExits
{
    private readonly Dictionary<int, Task> _exits = [];

    protected override void Watch(Process child) => _exits[child.Id] = child.WaitForExitAsync();

    protected override void Take(Process child) => _exits[child.Id].Wait();
}
