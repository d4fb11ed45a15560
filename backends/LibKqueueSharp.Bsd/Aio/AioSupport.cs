namespace LibKqueueSharp.Kernels;

/// <summary>How the asynchronous operations of a backend's queues are done.</summary>
internal sealed class AioSupport
{
    private readonly KqueueAbi _abi;
    private readonly KqueueLibrary _library;
    private readonly AioWorker? _worker;

    internal AioSupport(KqueueAbi abi, KqueueLibrary library)
    {
        _abi = abi;
        _library = library;
        if (IsKernels)
            return;
        _worker = library.Files is { } files ? new(files) : null;
    }

    /// <summary>The kernel does them, and tells by SIGEV_KEVENT.</summary>
    internal bool IsKernels => IsKernelsIn(_abi, _library);

    /// <summary>As <see cref="IsKernels"/>, for a library.</summary>
    internal static bool IsKernelsIn(KqueueAbi abi, KqueueLibrary library) => abi.HasKernelAio && library.Aio is not null;

    /// <summary>A thread of ours needs user events of the kernel's.</summary>
    internal bool IsServed(KernelTraits traits) => IsKernels ? traits.Serves(EventFilter.Aio) : _worker is not null && traits.Serves(EventFilter.User);

    /// <summary>The operations of a queue.</summary>
    internal AioOperations For(BsdQueue queue) =>
        IsKernels ? new KernelOperations(queue, _abi, _library, _library.Aio!) : new WorkerOperations(queue, _abi, _worker!);
}
