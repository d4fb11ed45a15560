using System.Runtime.InteropServices;

namespace LibKqueueSharp.Linux.Signals;

/// <summary>siginfo_t (sigaction(2)) of a signal that was sent, as far as a signalfd tells it; 128 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct SignalInfo
{
    private const int SI_QUEUE = -1;
    private const int SI_TIMER = -2;

    [FieldOffset(0)]
    private int _signal;

    [FieldOffset(4)]
    private int _errno;

    [FieldOffset(8)]
    private int _code;

    /// <summary>The sender, or the timer.</summary>
    [FieldOffset(16)]
    private int _from;

    /// <summary>The sender's user, or how often the timer has expired beside.</summary>
    [FieldOffset(20)]
    private int _second;

    /// <summary>What sigqueue(3) carries, or a child's status.</summary>
    [FieldOffset(24)]
    private ulong _value;

    [FieldOffset(32)]
    private ulong _userTime;

    [FieldOffset(40)]
    private ulong _systemTime;

    /// <summary>Reads struct signalfd_siginfo (signalfd(2)).</summary>
    internal static SignalInfo From(ReadOnlySpan<byte> told)
    {
        int code = Int(told, 8);
        bool isChild = code > 0 && Int(told, 0) == SignalNumbers.SIGCHLD;
        return new SignalInfo
        {
            _signal = Int(told, 0),
            _errno = Int(told, 4),
            _code = code,
            _from = Int(told, code == SI_TIMER ? 24 : 12),
            _second = Int(told, code == SI_TIMER ? 32 : 16),
            _value = isChild ? (uint)Int(told, 40) : Word(told, 48),
            _userTime = isChild ? Word(told, 56) : 0,
            _systemTime = isChild ? Word(told, 64) : 0,
        };
    }

    /// <summary>
    /// Sends it to this process once more (rt_sigqueueinfo(2)). Only the first thread may send what kill(2) or the kernel sends; another
    /// sends it as sigqueue(3) would, with the same sender and value. The address is that of a copy, for the length of the call.
    /// </summary>
    internal readonly unsafe void SendAgain()
    {
        nint number = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 129 : 138;
        SignalInfo copy = this;
        if (Native.SystemCall(number, Environment.ProcessId, copy._signal, (nint)(&copy), 0) == 0)
            return;
        copy._code = SI_QUEUE;
        Native.SystemCall(number, Environment.ProcessId, copy._signal, (nint)(&copy), 0);
    }

    private static int Int(ReadOnlySpan<byte> told, int at) => MemoryMarshal.Read<int>(told[at..]);

    private static ulong Word(ReadOnlySpan<byte> told, int at) => MemoryMarshal.Read<ulong>(told[at..]);
}
