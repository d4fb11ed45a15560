namespace LibKqueueSharp.Kernels;

/// <summary>An event of a queue's own, by which it wakes one of its waiters. Any thread may call any member while the queue is open.</summary>
internal abstract class Waker : IDisposable
{
    /// <summary>Registers it.</summary>
    /// <exception cref="KqueueException">The kernel refuses.</exception>
    internal static Waker For(KqueueAbi abi, KqueueLibrary library, KernelTraits traits, Translator translator, int kq)
    {
        Waker waker = traits.Serves(EventFilter.User) ? new UserWaker(abi, library, translator, kq) : new PipeWaker(translator);
        Span<byte> change = stackalloc byte[EventBuffer.SizeOf(abi.Layout)];
        EventBuffer.Write(abi.Layout, change, 0, waker.Registration);
        if (library.Kevent(kq, change, 1, [], 0, KeventTimeout.Zero, out int number) >= 0)
            return waker;
        waker.Dispose();
        Errno error = abi.Errors.FromSystem(number);
        throw new KqueueException(error, "registering the wake-up", abi.Errors.Describe(error));
    }

    /// <summary>The change that registers it.</summary>
    internal abstract RawEvent Registration { get; }

    /// <summary>How many descriptors it holds.</summary>
    internal abstract int DescriptorCount { get; }

    /// <summary>True for its event.</summary>
    internal abstract bool Is(in KEvent e);

    /// <summary>Its event was delivered to a thread.</summary>
    internal abstract void Taken();

    /// <summary>Wakes one waiter, or the next that comes.</summary>
    internal abstract void Wake();

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>By a user event with EV_CLEAR: no descriptor, and one call of the kernel.</summary>
internal sealed class UserWaker : Waker
{
    private readonly KqueueLibrary _library;
    private readonly int _kq;
    private readonly byte[] _trigger;

    internal UserWaker(KqueueAbi abi, KqueueLibrary library, Translator translator, int kq)
    {
        _library = library;
        _kq = kq;
        Registration = translator.Wake(creates: true);
        _trigger = new byte[EventBuffer.SizeOf(abi.Layout)];
        EventBuffer.Write(abi.Layout, _trigger, 0, translator.Wake(creates: false));
    }

    /// <inheritdoc/>
    internal override RawEvent Registration { get; }

    /// <inheritdoc/>
    internal override int DescriptorCount => 0;

    /// <inheritdoc/>
    internal override bool Is(in KEvent e) => Translator.IsWake(e);

    /// <inheritdoc/>
    internal override void Taken()
    {
    }

    /// <inheritdoc/>
    internal override void Wake() => _library.Kevent(_kq, _trigger, 1, [], 0, KeventTimeout.Zero, out _);

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
