using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kernels;

/// <summary>A queue of a kernel: one call of ours is one call of the kernel, unless an interruption met the wrong thread.</summary>
internal sealed partial class BsdQueue : BackendQueue
{
    private const int Unknown = -1;

    private readonly KqueueAbi _abi;
    private readonly KqueueLibrary _library;
    private readonly KernelTraits _traits;
    private readonly Translator _translator;
    private readonly Marshaller _calls;
    private readonly KqueueHandle _handle;
    private readonly int _kq;
    private readonly Waker _waker;

    internal BsdQueue(KqueueAbi abi, KqueueLibrary library, KernelTraits traits, AioSupport support, Dialect dialect)
    {
        _abi = abi;
        _library = library;
        _traits = traits;
        _support = support;
        Dialect = dialect;
        _translator = new(abi, library, traits, dialect);
        _calls = new(abi, library, _translator);
        _kq = library.Kqueue(out int number);
        if (_kq < 0)
        {
            Errno error = abi.Errors.FromSystem(number);
            throw new KqueueException(error, "kqueue", abi.Errors.Describe(error));
        }

        _handle = new(library, _kq);
        try
        {
            _waker = Waker.For(abi, library, traits, _translator, _kq);
        }
        catch
        {
            _handle.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override Dialect Dialect { get; }

    /// <inheritdoc/>
    public override SafeHandle Descriptor => _handle;

    /// <inheritdoc/>
    public override int DescriptorCount => 1 + _waker.DescriptorCount;

    /// <inheritdoc/>
    public override int KnoteCount => Unknown;

    /// <inheritdoc/>
    public override int Kevent(
        ReadOnlySpan<KEvent> changes,
        Span<KEvent> events,
        KeventTimeout timeout,
        WaitCancellation? cancellation,
        out Errno error)
    {
        if (!TryEnter())
        {
            Leave();
            error = Errno.EBADF;
            return -1;
        }

        int count = cancellation is null
            ? CallUntilAnswered(changes, events, timeout, null, out error)
            : CallInterruptible(changes, events, timeout, cancellation, out error);
        if (Exit())
            return count;
        error = Errno.EBADF;
        return -1;
    }

    /// <inheritdoc/>
    public override string? Explain(Errno error, in KEvent change) => error == Errno.EINVAL ? _translator.WhyRefused(change) : null;

    /// <inheritdoc/>
    public override string Describe(Errno error) => _abi.Errors.Describe(error);

    /// <summary>One call of the kernel, and others only while all that comes are wake-ups meant for other threads.</summary>
    private int CallUntilAnswered(
        ReadOnlySpan<KEvent> changes,
        Span<KEvent> events,
        KeventTimeout timeout,
        WaitCancellation? cancellation,
        out Errno error)
    {
        bool polls = timeout == KeventTimeout.Zero;
        long start = polls || timeout.IsInfinite ? 0 : Stopwatch.GetTimestamp();
        int count = _calls.Call(_kq, _waker, changes, events, timeout, out bool woken, out error);
        if (!woken)
            return count;
        SpinWait spin = default;
        for (bool looksAgain = true; ; looksAgain = false)
        {
            bool mine = cancellation is { IsRequested: true };
            if (!mine)
                PassOn(ref spin);

            // A wake-up may have taken the only place from an event that is there.
            KeventTimeout left = polls ? timeout : Remaining(timeout, start);
            if (count != 0 || mine || IsClosed || (left == KeventTimeout.Zero && !looksAgain))
                return count;
            count = _calls.Call(_kq, _waker, [], events, left, out woken, out error);
            if (!woken)
                return count;
        }
    }

    private static KeventTimeout Remaining(KeventTimeout timeout, long start)
    {
        if (timeout.IsInfinite || !timeout.IsValid)
            return timeout;
        long left = Math.Max(0, timeout.Nanoseconds - (long)Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        return KeventTimeout.FromTimespec(left / 1_000_000_000, left % 1_000_000_000);
    }
}
