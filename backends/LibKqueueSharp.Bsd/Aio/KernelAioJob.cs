using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using LibKqueueSharp.Emulation;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kernels;

/// <summary>
/// An operation that FreeBSD's kernel does. Its control block, its file and its buffer are kept from <see cref="TryHold"/> until the result was taken from the
/// kernel: by the program, or by <see cref="TrySettle"/> once nobody waits for the event any more.
/// </summary>
internal sealed unsafe class KernelAioJob(KernelOperations owner, AioCalls calls, AioControl control, KernelAioList? list) : BackendAio
{
    // The fields are guarded by it. The owner's locks are not taken under it, and the code of the buffer's owner does not run under it.
    private readonly Lock _gate = new();
    private AioControlBlock* _block;
    private MemoryHandle _pin;
    private GCHandle _root;
    private SafeHandle _file = control.File;
    private bool _ownsFile;
    private bool _settled;
    private bool _returned;
    private long _result;
    private Errno _error;

    public override nuint Ident { get; } = AioJob.NewIdent();

    internal AioControl Control => control;

    internal KernelAioList? List => list;

    /// <summary>The kernel's ident; it stays the operation's until <see cref="TrySettle"/>.</summary>
    internal AioControlBlock* Block => _block;

    /// <summary>What the event carries. A plain word, of which the last write counts; the kernel's udata is the ident.</summary>
    internal nint UData { get; set; } = control.UData;

    public override Errno Error
    {
        get
        {
            lock (_gate)
                return _returned ? Errno.EINVAL : _settled ? _error : calls.Error(_block);
        }
    }

    public override long Return(out Errno error)
    {
        error = Errno.EINVAL;
        if (!TrySettle())
            return -1;
        lock (_gate)
        {
            if (_returned)
                return -1;
            _returned = true;
            error = _error;
        }

        owner.Forget(this);
        return _result;
    }

    public override AioCancelResult Cancel()
    {
        lock (_gate)
            return _settled ? AioCancelResult.AllDone : calls.Cancel(_block->Descriptor, _block);
    }

    public override void Abandon()
    {
        bool first;
        lock (_gate)
        {
            first = !_returned;
            _returned = true;
        }

        if (first)
            owner.Abandon(this);
    }

    /// <summary>The result was taken from the kernel.</summary>
    internal bool IsSettled
    {
        get
        {
            lock (_gate)
                return _settled;
        }
    }

    /// <summary>Takes the result from the kernel when it is there; what was held is let go of.</summary>
    /// <returns>False while it is under way.</returns>
    internal bool TrySettle()
    {
        lock (_gate)
        {
            if (_settled)
                return true;
            if (calls.Error(_block) == Errno.EINPROGRESS)
                return false;
            _result = calls.Return(_block, out _error);
            LetGoOfFile();
            list?.Settled();
            _settled = true;
        }

        AioJob.Unpin(ref _pin);
        return true;
    }

    /// <summary>Keeps the file open, the buffer where it is, and a control block.</summary>
    /// <returns>EBADF when the handle is closed, EMFILE when there is no descriptor for a socket's duplicate; nothing is held then.</returns>
    internal Errno TryHold(KqueueLibrary library, int kq)
    {
        if (control.File is not { IsInvalid: false })
            return Errno.EBADF;
        bool referenced = false;
        try
        {
            _file.DangerousAddRef(ref referenced);
        }
        catch (ObjectDisposedException)
        {
            return Errno.EBADF;
        }

        int descriptor = (int)_file.DangerousGetHandle();

        // Closing a Socket waits until nobody holds its handle.
        if (control.File is SafeSocketHandle && library.Files is { } files)
        {
            Errno error = files.Duplicate(descriptor, out descriptor);
            _file.DangerousRelease();
            if (error != Errno.None)
                return error;
            _file = new SafeFileHandle(descriptor, ownsHandle: true);
            _ownsFile = true;
        }

        try
        {
            _pin = control.Buffer.Pin();
        }
        catch
        {
            CloseFile();
            throw;
        }

        _root = GCHandle.Alloc(this);
        _block = (AioControlBlock*)IdentMemory.Allocate((nuint)sizeof(AioControlBlock));
        *_block = new()
        {
            Descriptor = descriptor,
            Offset = control.Offset,
            Buffer = _pin.Pointer,
            Length = control.Buffer.Length,
            Operation = control.Operation == AioOperation.Read ? AioControlBlock.LIO_READ : AioControlBlock.LIO_WRITE,
            Event = new()
            {
                Notify = control.IsSilent ? SignalEvent.SIGEV_NONE : SignalEvent.SIGEV_KEVENT,
                Queue = control.IsSilent ? 0 : kq,
                Value = (nint)(AioOperations.FirstAio + Ident),
                KeventFlags = (ushort)control.Flags,
            },
        };
        return Errno.None;
    }

    /// <summary>Undoes <see cref="TryHold"/>.</summary>
    internal void LetGo()
    {
        LetGoOfFile();
        AioJob.Unpin(ref _pin);
    }

    private void LetGoOfFile()
    {
        IdentMemory.Free(_block);
        _block = null;
        _root.Free();
        CloseFile();
    }

    private void CloseFile()
    {
        if (_ownsFile)
            _file.Dispose();
        else
            _file.DangerousRelease();
    }
}

/// <summary>A list of operations that FreeBSD's kernel does. Its ident there is the address of the array of its members.</summary>
internal sealed unsafe class KernelAioList(int count, nint udata)
{
    /// <summary>The array; kept until the kernel has given all results, or the queue is closed. Interlocked: it is freed once.</summary>
    private nint _blocks = (nint)IdentMemory.Allocate((nuint)count * (nuint)sizeof(AioControlBlock*));

    internal nuint Ident { get; } = AioJob.NewIdent();

    internal AioControlBlock** Blocks => (AioControlBlock**)Volatile.Read(ref _blocks);

    /// <summary>As <see cref="KernelAioJob.UData"/>.</summary>
    internal nint UData { get; set; } = udata;

    /// <summary>Members that were not returned. Interlocked.</summary>
    internal int Held;

    /// <summary>Members whose result the kernel has. While there is one it keeps the list, and tells of it. Interlocked.</summary>
    internal int Unsettled;

    /// <summary>The result of a member was taken from the kernel.</summary>
    internal void Settled()
    {
        if (Interlocked.Decrement(ref Unsettled) == 0)
            Free();
    }

    internal void Free() => IdentMemory.Free((void*)Interlocked.Exchange(ref _blocks, 0));
}
