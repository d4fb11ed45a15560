namespace LibKqueueSharp.Kernels;

/// <summary>
/// kqueue(2) of a kernel, or of any C library: one kevent(2) of ours is one of the kernel's. It translates layouts and numbers, and does the
/// few things that are the same everywhere (docs/native.md). Where the BSDs differ, its queues do what their kernel does.
/// </summary>
/// <remarks>All members may be called by any thread at any time.</remarks>
public sealed class BsdBackend : KqueueBackend
{
    private readonly string? _libraryName;
    private readonly KqueueAbi _abi;
    private readonly KqueueLibrary _library;
    private readonly AioSupport _support;
    private readonly Lazy<KernelTraits> _traits;

    /// <summary>Loads a library; it stays loaded.</summary>
    /// <param name="library">Its name or path; null for the C library that this program is linked with.</param>
    /// <param name="abi">How it is called.</param>
    /// <exception cref="DllNotFoundException">There is no such library.</exception>
    /// <exception cref="EntryPointNotFoundException">It has no kqueue(2).</exception>
    /// <exception cref="PlatformNotSupportedException">Pointers have not eight bytes.</exception>
    public BsdBackend(string? library, KqueueAbi abi)
        : this(library, abi, null)
    {
    }

    internal BsdBackend(string? library, KqueueAbi abi, KernelTraits? traits)
        : this(library, abi, traits, new KqueueLibrary(library, abi ?? throw new ArgumentNullException(nameof(abi))))
    {
    }

    internal BsdBackend(string? name, KqueueAbi abi, KernelTraits? traits, KqueueLibrary library)
    {
        if (nint.Size != sizeof(long))
            throw new PlatformNotSupportedException("the native backend needs pointers of eight bytes");
        _libraryName = name;
        _abi = abi;
        _library = library;
        _support = new(abi, library);
        _traits = new(() => traits ?? KernelProbe.Ask(abi, library), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <inheritdoc/>
    public override string Name => "bsd";

    /// <inheritdoc/>
    /// <exception cref="KqueueException">No queue can be created, or the library is not of this ABI (ENOTSUP).</exception>
    public override KqueueCapabilities Capabilities => BsdCapabilities.Of(_abi, _traits.Value, _support, _libraryName);

    /// <inheritdoc/>
    /// <remarks>
    /// The kernel decides where the BSDs differ. Of the dialect asked for, these policies are followed, whatever kernel it is; the queue's own
    /// <see cref="BackendQueue.Dialect"/> tells all that hold: <see cref="Dialect.EchoActions"/>, <see cref="Dialect.RecordsEchoChange"/>,
    /// <see cref="Dialect.HasForceOneShotAndKeepUData"/>, <see cref="Dialect.ProcessStatusNeedsNote"/>, <see cref="Dialect.UserTriggersOnAdd"/>.
    /// </remarks>
    public override BackendQueue CreateQueue(Dialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        return new BsdQueue(_abi, _library, _traits.Value, _support, DialectFor(dialect));
    }

    /// <summary>kevent(2) on any descriptor, a queue or not; for those who check what a kernel says to that.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="changes">The changelist.</param>
    /// <param name="events">The eventlist.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="error">Why it failed.</param>
    /// <returns>What kevent returned.</returns>
    public int Kevent(int descriptor, ReadOnlySpan<KEvent> changes, Span<KEvent> events, KeventTimeout timeout, out Errno error) =>
        new Marshaller(_abi, _library, new(_abi, _library, _traits.Value, _abi.Dialect))
            .Call(descriptor, null, changes, events, timeout, out _, out error);

    private Dialect DialectFor(Dialect asked)
    {
        return _abi.Dialect with
        {
            EchoActions = asked.EchoActions,
            RecordsEchoChange = asked.RecordsEchoChange,
            HasForceOneShotAndKeepUData = asked.HasForceOneShotAndKeepUData,
            ProcessStatusNeedsNote = asked.ProcessStatusNeedsNote,
            UserTriggersOnAdd = asked.UserTriggersOnAdd,
        };
    }
}
