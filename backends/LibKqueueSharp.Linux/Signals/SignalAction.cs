using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Linux.Signals;

/// <summary>struct sigaction as the C library has it (sigaction(2)): the handler first, then what is only ever copied.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe partial struct SignalAction
{
    private const nint Default = 0;
    private const nint Ignore = 1;
    private const int SA_NOCLDSTOP = 1;
    private const int SA_NOCLDWAIT = 2;
    private const int SA_SIGINFO = 4;
    private const int SA_ONSTACK = 0x0800_0000;
    private const int SA_RESTART = 0x1000_0000;

    private readonly nint _handler;
    private readonly Mask _mask;
    private readonly int _flags;
    private readonly nint _restorer;

    private SignalAction(nint handler, int flags) => (_handler, _flags) = (handler, flags);

    private SignalAction(nint handler, int flags, Mask mask, nint restorer)
        : this(handler, flags) => (_mask, _restorer) = (mask, restorer);

    internal readonly bool IsDefault => _handler == Default;

    internal readonly bool IsIgnored => _handler == Ignore;

    /// <summary>
    /// A handler without effect: abs(3) takes an int, touches nothing else, and belongs to a library that is never unloaded.
    /// </summary>
    internal static SignalAction WithoutEffect { get; } =
        new(NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "abs"), SA_RESTART);

    internal readonly bool HasSameHandler(in SignalAction other) => _handler == other._handler;

    /// <summary>Whether the handler belongs to a library whose path ends so.</summary>
    internal readonly bool IsIn(ReadOnlySpan<byte> library) =>
        FindModule(_handler, out ModuleInfo module) != 0 && module.Path is not null
        && MemoryMarshal.CreateReadOnlySpanFromNullTerminated(module.Path).EndsWith(library);

    internal readonly bool IsInTheModuleOf(in SignalAction other) =>
        FindModule(_handler, out ModuleInfo own) != 0 && FindModule(other._handler, out ModuleInfo its) != 0 && own.Base == its.Base;

    /// <summary>
    /// This handler in the place of another action, with what that one asks of the kernel: whether calls are interrupted, what is blocked meanwhile,
    /// whether children leave zombies.
    /// </summary>
    internal readonly SignalAction InPlaceOf(in SignalAction other) => other.IsDefault
        ? new(_handler, _flags | (other._flags & (SA_NOCLDSTOP | SA_NOCLDWAIT)), _mask, _restorer)
        : new(_handler, other._flags | SA_SIGINFO | (_flags & SA_ONSTACK), other._mask, _restorer);

    internal static Errno Get(int signal, out SignalAction action)
    {
        fixed (SignalAction* found = &action)
            return Change(signal, null, found) < 0 ? Native.LastError() : Errno.None;
    }

    internal static void Set(int signal, in SignalAction action)
    {
        fixed (SignalAction* wanted = &action)
            Change(signal, wanted, null);
    }

    internal static void StopProcess() => Kill(Environment.ProcessId, SignalNumbers.SIGSTOP);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int Change(int signal, SignalAction* wanted, SignalAction* found);

    [LibraryImport("libc", EntryPoint = "dladdr")]
    private static partial int FindModule(nint address, out ModuleInfo module);

    [InlineArray(16)]
    private struct Mask
    {
        private ulong _word;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ModuleInfo
    {
        internal byte* Path;
        internal nint Base;
        internal byte* Symbol;
        internal nint Address;
    }
}
