namespace LibKqueueSharp.Kq.Info;

/// <summary>How many descriptors a queue without registrations holds open for itself.</summary>
/// <param name="Fresh">When it was just created.</param>
/// <param name="HandedOut">When its own descriptor was asked for.</param>
internal sealed record QueueDescriptors(int Fresh, int HandedOut)
{
    /// <summary>Creates a queue, and counts.</summary>
    /// <param name="backend">The backend.</param>
    public static QueueDescriptors Of(KqueueBackend backend)
    {
        using Kqueue queue = Kqueue.Create(backend);
        int fresh = queue.DescriptorCount;
        _ = queue.Descriptor;
        return new(fresh, queue.DescriptorCount);
    }
}
