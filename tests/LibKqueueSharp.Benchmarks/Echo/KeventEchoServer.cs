using LibKqueueSharp.Benchmarks.Queues;

namespace LibKqueueSharp.Benchmarks.Echo;

/// <summary>One thread with a queue.</summary>
internal sealed unsafe class KeventEchoServer<TQueue> : EchoServer
    where TQueue : struct, IKeventQueue<TQueue>
{
    protected override void Serve()
    {
        using TQueue queue = TQueue.Create();
        KEvent[] events = new KEvent[128];
        byte* buffer = stackalloc byte[BufferSize];
        int listener = (int)Listener.Handle;
        queue.Add(listener);
        while (true)
        {
            int count = queue.Wait(events);
            foreach (ref readonly KEvent e in events.AsSpan(0, count))
            {
                if ((int)e.Ident != listener)
                    Echo((int)e.Ident, buffer);
                else if (Accept(listener) is >= 0 and int fd)
                    queue.Add(fd);
            }
        }
    }
}
