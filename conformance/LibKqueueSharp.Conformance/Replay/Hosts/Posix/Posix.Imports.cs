using System.Runtime.InteropServices;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The calls that Mono.Posix lacks, or takes only in a form that does not fit.</summary>
internal static unsafe partial class Posix
{
    /// <summary>SIG_IGN, the same on all systems.</summary>
    public static readonly nint IgnoreSignal = 1;

    private const string C = "libc";

    /// <summary>signal(2): raw numbers, where Mono.Posix takes its own enumeration.</summary>
    [LibraryImport(C, EntryPoint = "signal", SetLastError = true)]
    public static partial nint SetSignalHandler(int signal, nint handler);

    /// <summary>sigaction(2) with opaque structures: only what the system wrote is ever given back.</summary>
    [LibraryImport(C, EntryPoint = "sigaction", SetLastError = true)]
    public static partial int SignalAction(int signal, void* action, void* previous);

    /// <summary>kill(2): raw numbers, where Mono.Posix takes its own enumeration.</summary>
    [LibraryImport(C, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport(C, EntryPoint = "pthread_self")]
    public static partial nint ThreadSelf();

    /// <summary>pthread_kill(3): returns the errno.</summary>
    [LibraryImport(C, EntryPoint = "pthread_kill")]
    public static partial int ThreadKill(nint thread, int signal);

    [LibraryImport(C, EntryPoint = "getrlimit", SetLastError = true)]
    public static partial int GetLimit(int resource, out ResourceLimit limit);

    [LibraryImport(C, EntryPoint = "setrlimit", SetLastError = true)]
    public static partial int SetLimit(int resource, in ResourceLimit limit);

    /// <summary>ioctl(2) with a pointer; for systems whose calling convention passes variable arguments like others.</summary>
    [LibraryImport(C, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, int* argument);

    [LibraryImport(C, EntryPoint = "revoke", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Revoke(string path);

    /// <summary>posix_spawn(3): starts a child without fork, which a process with threads must not use.</summary>
    [LibraryImport(C, EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Spawn(out int process, string path, void* fileActions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitFileActions(void* fileActions);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddDuplicate(void* fileActions, int from, int to);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int DestroyFileActions(void* fileActions);

    /// <summary>pidfd_open(2), which has this number on every architecture and no function in older C libraries.</summary>
    public static long OpenProcess(nint process) => SystemCall(434, process, 0);

    [LibraryImport(C, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint count, int flags);

    [LibraryImport(C, EntryPoint = "posix_openpt", SetLastError = true)]
    public static partial int OpenTerminal(int flags);

    [LibraryImport(C, EntryPoint = "grantpt", SetLastError = true)]
    public static partial int GrantTerminal(int master);

    [LibraryImport(C, EntryPoint = "unlockpt", SetLastError = true)]
    public static partial int UnlockTerminal(int master);

    /// <summary>ptsname(3): its answer lies in the C library and is good until the next call.</summary>
    [LibraryImport(C, EntryPoint = "ptsname")]
    public static partial nint NameOfTerminal(int master);

    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second);

    /// <summary>struct rlimit of a system with 64 bits.</summary>
    public record struct ResourceLimit(ulong Current, ulong Most);
}
