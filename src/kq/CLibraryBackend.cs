using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kq;

/// <summary>
/// A libkqueue.so.0 that was published from this repository, by its C calls. What it serves, and its deviations, are those of the linux
/// backend, which is compiled into it; it knows the FreeBSD dialect only.
/// </summary>
/// <remarks>
/// The library brings a runtime of its own into this process. For the short life of a player that works; it is no way to use it.
/// </remarks>
internal sealed partial class CLibraryBackend : KqueueBackend
{
    private const string Library = "kqueue";

    /// <param name="path">The library.</param>
    /// <exception cref="UsageException">It cannot be loaded.</exception>
    public CLibraryBackend(string path)
    {
        nint library;
        try
        {
            library = NativeLibrary.Load(Path.GetFullPath(path));
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new UsageException($"{path} cannot be loaded: {e.Message}");
        }

        NativeLibrary.SetDllImportResolver(typeof(CLibraryBackend).Assembly, (name, _, _) => name == Library ? library : 0);
    }

    public override string Name => Kqueue.DefaultBackend.Name;

    public override KqueueCapabilities Capabilities => Kqueue.DefaultBackend.Capabilities;

    public override BackendQueue CreateQueue(Dialect dialect)
    {
        if (dialect != Dialect.FreeBsd)
            throw new UsageException("the C library behaves as freebsd");
        int number = Create();
        return number >= 0 ? new Queue(number) : throw new KqueueException((Errno)Marshal.GetLastPInvokeError(), "kqueue");
    }

    [LibraryImport(Library, EntryPoint = "kqueue", SetLastError = true)]
    private static partial int Create();

    [LibraryImport(Library, EntryPoint = "kevent", SetLastError = true)]
    private static unsafe partial int Call(int kq, KEvent* changes, int changeCount, KEvent* events, int eventCount, TimeSpec* timeout);

    [LibraryImport(Library, EntryPoint = "libkqueue_drain_pending_close")]
    private static partial void Drain();

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        internal nint Seconds;
        internal nint Nanoseconds;
    }

    private sealed class Queue(int number) : BackendQueue
    {
        private const long NanosecondsPerSecond = 1_000_000_000;

        private readonly SafeFileHandle _descriptor = new(number, ownsHandle: true);

        public override Dialect Dialect => Dialect.FreeBsd;

        public override SafeHandle Descriptor => _descriptor;

        public override int DescriptorCount => throw new NotSupportedException();

        public override int KnoteCount => throw new NotSupportedException();

        public override unsafe int Kevent(
            ReadOnlySpan<KEvent> changes,
            Span<KEvent> events,
            KeventTimeout timeout,
            WaitCancellation? cancellation,
            out Errno error)
        {
            // An invalid timeout is one here as well.
            TimeSpec time = timeout.IsValid
                ? new() { Seconds = (nint)(timeout.Nanoseconds / NanosecondsPerSecond), Nanoseconds = (nint)(timeout.Nanoseconds % NanosecondsPerSecond) }
                : new() { Nanoseconds = -1 };

            // Pinned for the length of the call; the timeout is a local.
            fixed (KEvent* from = changes)
            fixed (KEvent* to = events)
            {
                int count = Call((int)_descriptor.DangerousGetHandle(), from, changes.Length, to, events.Length, timeout.IsInfinite ? null : &time);
                error = count < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
                return count;
            }
        }

        public override void Interrupt(WaitCancellation cancellation) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _descriptor.Dispose();
            Drain();
        }
    }
}
