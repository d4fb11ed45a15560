using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>One call to fail: the number of the call among those of its kind, and how.</summary>
internal readonly record struct Fault(string Call, int Number, Errno Error)
{
    /// <summary>It goes on: every later call of the kind fails as well.</summary>
    internal bool Lasts { get; init; }

    public override string ToString() => $"{Call} no. {Number} fails with {(Error == Faults.Short ? "a short read" : Error)}";
}

/// <summary>
/// Counts the system calls of the backend while it is armed, and lets one of them fail. The errors are those that the manual names for a
/// sound call, with the calls that sleep or allocate in the kernel.
/// </summary>
internal static class Faults
{
    /// <summary>Stands for a read that returns less than there is.</summary>
    internal const Errno Short = Errno.None;

    /// <summary>What each call may fail with. None for calls that cannot fail on an open descriptor and good arguments.</summary>
    internal static readonly Dictionary<string, Errno[]> Plausible = new()
    {
        ["epoll_create1"] = [Errno.EMFILE, Errno.ENOMEM],
        ["epoll_ctl ADD"] = [Errno.ENOMEM, Errno.ENOSPC],
        ["epoll_ctl MOD"] = [],
        ["epoll_ctl DEL"] = [],
        ["epoll_wait"] = [Errno.EINTR],
        ["epoll_pwait2"] = [Errno.EINTR],
        ["eventfd"] = [Errno.EMFILE, Errno.ENOMEM],
        ["timerfd_create"] = [Errno.EMFILE, Errno.ENOMEM],
        ["timerfd_settime"] = [],
        ["signalfd"] = [Errno.EMFILE, Errno.ENOMEM],
        ["inotify_init1"] = [Errno.EMFILE, Errno.ENOMEM],
        ["inotify_add_watch"] = [Errno.ENOSPC, Errno.ENOMEM],
        ["inotify_rm_watch"] = [Errno.EINVAL],
        ["ioctl"] = [Errno.EINTR],
        ["getsockopt"] = [],
        ["fstat"] = [Errno.EINTR],
        ["fstat file"] = [Errno.EINTR, Errno.ENOMEM],
        ["poll"] = [Errno.EINTR],
        ["fcntl DUPFD"] = [Errno.EMFILE],
        ["fcntl GET"] = [],
        ["dup3"] = [Errno.EINTR, (Errno)16],
        ["read count"] = [Errno.EINTR],
        ["read signalfd"] = [Errno.EINTR],
        ["read"] = [Errno.EINTR, Errno.EAGAIN, Short],
        ["write"] = [Errno.EINTR],
        ["send"] = [Errno.EINTR, Errno.ENOMEM],
        ["open"] = [Errno.EINTR, Errno.EMFILE, Errno.ENOMEM, Errno.EACCES],
        ["socket"] = [Errno.EMFILE, Errno.ENOMEM],
        ["readlink"] = [Errno.ENOMEM, Errno.EACCES],
        ["lseek"] = [],
        ["ioctl pidfd"] = [],
        ["pidfd_open"] = [Errno.EMFILE, Errno.ENOMEM],
        ["pidfd_send_signal"] = [],
        ["waitid"] = [],
        ["recv"] = [Errno.EINTR, (Errno)105],
        ["bind"] = [Errno.ENOMEM],
        ["setsockopt"] = [Errno.ENOMEM],
        ["io_uring_setup"] = [Errno.EMFILE, Errno.ENOMEM, Errno.EPERM],
        ["io_uring_enter"] = [Errno.EINTR, Errno.EAGAIN, Errno.ENOMEM],
        ["io_uring_enter, taken"] = [],
        ["preadv2"] = [Errno.EINTR, Errno.EIO],
        ["pwritev2"] = [Errno.EINTR, Errno.EIO],
        ["fsync"] = [Errno.EINTR, Errno.EIO],
        ["fdatasync"] = [Errno.EINTR, Errno.EIO],
        ["mmap"] = [Errno.ENOMEM],
        ["munmap"] = [],
        ["thread"] = [Errno.EAGAIN],
        ["close"] = [Errno.EINTR, Errno.EIO],
    };

    // Measured: a trace takes a millisecond, and what comes later in a scenario of thousands of calls has the same callers.
    private const int MostTraced = 12;

    // Guarded by s_gate: a queue's threads may make calls at once.
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<string, int> s_counts = [];
    private static Fault? s_fault;
    private static bool s_armed;
    private static bool s_traced;

    /// <summary>How often each call was made while armed.</summary>
    internal static IReadOnlyDictionary<string, int> Counts => s_counts;

    /// <summary>Who called whom, of the backend's methods, down to the import.</summary>
    internal static HashSet<(string Caller, string Callee)> Sites { get; } = [];

    /// <summary>The fault has come to pass.</summary>
    internal static bool HasHit { get; private set; }

    internal static bool IsShort => s_fault?.Error == Short;

    internal static string? Call => s_fault?.Call;

    /// <summary>How the call fails.</summary>
    internal static Errno? Error => s_fault?.Error;

    internal static void Begin(Fault? fault, bool traced = false)
    {
        lock (s_gate)
        {
            s_counts.Clear();
            s_fault = fault;
            s_traced = traced;
            HasHit = false;
        }
    }

    /// <summary>Calls count, and may fail, while the body runs.</summary>
    internal static void Armed(Action body)
    {
        s_armed = true;
        try
        {
            body();
        }
        finally
        {
            s_armed = false;
        }
    }

    /// <summary>True when the call at hand is to fail; errno is set.</summary>
    internal static bool Hit(string call)
    {
        if (!s_armed)
            return false;
        lock (s_gate)
        {
            int number = s_counts[call] = s_counts.GetValueOrDefault(call) + 1;
            if (s_traced && number <= MostTraced)
                Trace();
            if (s_fault is not { } fault || (HasHit && !fault.Lasts) || fault.Call != call || (fault.Lasts ? number < fault.Number : number != fault.Number))
                return false;
            HasHit = true;
            SetError();
            return true;
        }
    }

    /// <summary>errno, for both ways in which the backend reads it.</summary>
    internal static void SetError()
    {
        Marshal.SetLastSystemError((int)s_fault!.Value.Error);
        Marshal.SetLastPInvokeError((int)s_fault!.Value.Error);
    }

    /// <summary>Room for one event of inotify, or for less than the whole text otherwise.</summary>
    internal static int Shorten(int count) => Math.Min(count, 32);

    private static void Trace()
    {
        string callee = "";
        foreach (StackFrame frame in new StackTrace(2).GetFrames())
        {
            if (frame.GetMethod() is not { DeclaringType: { } type } method || type.Namespace != "LibKqueueSharp.Linux")
                return;
            string caller = $"{type.Name}.{method.Name}";
            if (callee.Length != 0)
                Sites.Add((caller, callee));
            callee = caller;
        }
    }
}
