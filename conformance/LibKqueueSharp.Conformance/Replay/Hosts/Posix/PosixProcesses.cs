using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Mono.Unix.Native;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>posix_spawn(3), pidfd_open(2), waitpid(2), kill(2), pthread_kill(3), signal(3).</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class PosixProcesses(PosixDescriptorTable table) : IProcessCalls, IDisposable
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(10);
    private static readonly int s_killSignal = NativeConvert.FromSignum(Signum.SIGKILL);
    private static readonly int s_continueSignal = NativeConvert.FromSignum(Signum.SIGCONT);

    private const string NoChild = "ECHILD";

    private readonly Dictionary<long, ChildProcess> _children = [];
    private readonly IgnoredSignals _ignored = new();
    private readonly SignalDeliveries _deliveries = new();
    private PosixSignalRegistration? _handler;

    /// <summary>Raised by the handler, on a thread of the pool, with an interlocked operation.</summary>
    private long _handled;

    public long Self => Environment.ProcessId;

    public HostAnswer Spawn(ChildPlan plan)
    {
        ChildProcess? child = ChildProcess.Start(plan, out int error);
        if (child is null)
            return PosixDescriptorTable.Failure(error);
        _children.Add(child.Id, child);
        return HostAnswer.Success(child.Id);
    }

    public HostAnswer Proceed(long process)
    {
        if (!_children.TryGetValue(process, out ChildProcess? child))
            return HostAnswer.Failure(NoChild);
        child.Proceed();
        return HostAnswer.Success();
    }

    public HostAnswer OpenProcess(long process)
    {
        if (!OperatingSystem.IsLinux())
            return HostAnswer.NotSupported("only Linux opens descriptors of processes that run");
        return _children.ContainsKey(process) ? table.Adopt(Posix.OpenProcess((nint)process)) : HostAnswer.Failure(NoChild);
    }

    public HostAnswer Parent => Syscall.getppid() is > 0 and int parent
        ? HostAnswer.Success(parent)
        : HostAnswer.NotSupported("this process does not see its parent");

    public HostAnswer MaySignal(long process) => HostAnswer.Success(Posix.Kill((int)process, 0) == 0 ? 1 : 0);

    public HostAnswer Wait(long process)
    {
        if (!_children.ContainsKey(process))
            return HostAnswer.Failure(NoChild);
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            int reaped = Syscall.waitpid((int)process, out int status, WaitOptions.WNOHANG);
            if (reaped < 0)
                return PosixDescriptorTable.LastError();
            if (reaped > 0)
            {
                Forget(process);
                return HostAnswer.Success(status);
            }

            if (Stopwatch.GetElapsedTime(began) > s_longestWait)
                return HostAnswer.Failure("ETIMEDOUT");
            Thread.Sleep(1);
        }
    }

    public HostAnswer Kill(long process, string signal)
    {
        int number = NumberOf(signal);
        bool isSafe = process == Self ? number == s_continueSignal || _ignored.Contains(number) : _children.ContainsKey(process);
        if (!isSafe)
            return HostAnswer.NotSupported($"signal {signal} is sent only to children, and to this process when it ignores it, or for SIGCONT");
        if (Posix.Kill((int)process, number) < 0)
            return PosixDescriptorTable.Failure(Marshal.GetLastPInvokeError());
        if (process == Self)
            _deliveries.Await();
        return HostAnswer.Success();
    }

    public HostAnswer CurrentThread => HostAnswer.Success(Posix.ThreadSelf());

    public HostAnswer Interrupt(long thread)
    {
        _handler ??= PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Interlocked.Increment(ref _handled));
        int error = Posix.ThreadKill((nint)thread, NativeConvert.FromSignum(Signum.SIGWINCH));
        return error == 0 ? HostAnswer.Success() : PosixDescriptorTable.Failure(error);
    }

    public HostAnswer Handled => HostAnswer.Success(Interlocked.Read(ref _handled));

    public HostAnswer Number(string signal) => HostAnswer.Success(NumberOf(signal));

    public HostAnswer Ignore(string signal)
    {
        int error = _ignored.Add(NumberOf(signal));
        return error == 0 ? HostAnswer.Success() : PosixDescriptorTable.Failure(error);
    }

    public void Dispose()
    {
        foreach (int process in _children.Keys.Select(p => (int)p).ToArray())
        {
            _ = Posix.Kill(process, s_killSignal);
            _ = Syscall.waitpid(process, out int _, 0);
            Forget(process);
        }

        _ignored.Dispose();
        _deliveries.Dispose();
        _handler?.Dispose();
    }

    private static int NumberOf(string signal)
    {
        if (int.TryParse(signal, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return number;
        return Enum.TryParse(signal.StartsWith("SIG", StringComparison.Ordinal) ? signal : "SIG" + signal, out Signum name)
            ? NativeConvert.FromSignum(name)
            : throw new ScenarioFormatException("signal", $"there is no signal '{signal}'");
    }

    private void Forget(long process)
    {
        _children[process].Dispose();
        _children.Remove(process);
    }
}
