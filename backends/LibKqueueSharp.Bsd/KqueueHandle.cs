using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kernels;

/// <summary>A queue's descriptor. Closed by the last thread that leaves a queue which was disposed of.</summary>
internal sealed class KqueueHandle : SafeHandle
{
    private readonly KqueueLibrary _library;

    internal KqueueHandle(KqueueLibrary library, int descriptor)
        : base(-1, ownsHandle: true)
    {
        _library = library;
        SetHandle(descriptor);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == -1;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        _library.Close((int)handle);
        return true;
    }
}
