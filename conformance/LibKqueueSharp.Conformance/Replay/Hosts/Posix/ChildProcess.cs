using System.Runtime.InteropServices;
using System.Text;
using Mono.Unix.Native;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// A child of a scenario: a shell that waits on its standard input, so that it forks nothing that a watcher could
/// mistake for what the scenario asked for. A timer writes a line when its time has come, unless the child waits to be told.
/// </summary>
internal sealed unsafe class ChildProcess : IDisposable
{
    private const string Shell = "/bin/sh";
    private static readonly int s_interrupted = NativeConvert.FromErrno(Mono.Unix.Native.Errno.EINTR);
    private const int NanosecondsPerMillisecond = 1_000_000;

    /// <summary>
    /// What forks or executes lives on so many milliseconds longer, so that its end is an event of its own also where its watcher gets
    /// the processor late.
    /// </summary>
    private const int LifeAfterEvents = 150;

    // posix_spawn_file_actions_t is 80 bytes in glibc and musl and a pointer on macOS and the BSDs.
    private const int FileActionsSize = 256;

    private readonly Timer _start;
    private readonly Timer _end;
    private int _input;

    private ChildProcess(int id, int input, ChildPlan plan)
    {
        Id = id;
        _input = input;
        long start = plan.Start / NanosecondsPerMillisecond;
        long end = start + (plan.Life / NanosecondsPerMillisecond) + (plan.Forks || plan.ForksTwice || plan.Executes ? LifeAfterEvents : 0);
        _start = new(_ => Proceed(), null, plan.IsTold ? Timeout.Infinite : start, Timeout.Infinite);
        _end = new(_ => Proceed(), null, plan.IsTold ? Timeout.Infinite : end, Timeout.Infinite);
    }

    public int Id { get; }

    /// <summary>The child's process, or the errno with which it could not be started.</summary>
    public static ChildProcess? Start(ChildPlan plan, out int error)
    {
        error = 0;
        if (Syscall.pipe(out int reader, out int writer) < 0)
        {
            error = Marshal.GetLastWin32Error();
            return null;
        }

        _ = Syscall.fcntl(reader, FcntlCommand.F_SETFD, 1);
        _ = Syscall.fcntl(writer, FcntlCommand.F_SETFD, 1);
        error = StartAndWait(plan, reader, out int id);
        _ = Syscall.close(reader);
        if (error == 0)
            return new(id, writer, plan);
        _ = Syscall.close(writer);
        return null;
    }

    /// <summary>Lets it go on.</summary>
    public void Proceed()
    {
        int input = Volatile.Read(ref _input);
        if (input < 0)
            return;
        byte newLine = (byte)'\n';
        _ = Syscall.write(input, &newLine, 1);
    }

    public void Dispose()
    {
        using ManualResetEvent stopped = new(false);
        if (_start.Dispose(stopped))
            stopped.WaitOne();
        stopped.Reset();
        if (_end.Dispose(stopped))
            stopped.WaitOne();
        int input = Interlocked.Exchange(ref _input, -1);
        if (input >= 0)
            _ = Syscall.close(input);
    }

    /// <summary>
    /// posix_spawn(3) returns before its exec is over: the child says when it runs the script, so that nobody who watches it sees that exec.
    /// </summary>
    private static int StartAndWait(ChildPlan plan, int input, out int id)
    {
        id = -1;
        if (Syscall.pipe(out int reader, out int writer) < 0)
            return Marshal.GetLastWin32Error();
        _ = Syscall.fcntl(reader, FcntlCommand.F_SETFD, 1);
        _ = Syscall.fcntl(writer, FcntlCommand.F_SETFD, 1);
        int error = Spawn(Script(plan), input, writer, out id);
        _ = Syscall.close(writer);
        byte newLine;
        while (error == 0 && Syscall.read(reader, &newLine, 1) < 0 && Marshal.GetLastWin32Error() == s_interrupted)
        {
        }

        _ = Syscall.close(reader);
        return error;
    }

    private static string Script(ChildPlan plan)
    {
        StringBuilder script = new("echo;read go;");
        string forked = plan.IsTold ? "(read go;exit 9);" : "(exit 9);";
        if (plan.ForksTwice)
            script.Append('(').Append(forked).Append("exit 9);");
        else if (plan.Forks)
            script.Append(forked);
        if (plan.Executes)
            script.Append("exec ").Append(Shell).Append(" -c 'read go;exit 7';");
        return script.Append("read go;exit ").Append(plan.ExitCode).ToString();
    }

    private static int Spawn(string script, int input, int output, out int id)
    {
        byte* actions = stackalloc byte[FileActionsSize];
        int error = Posix.InitFileActions(actions);
        if (error != 0)
        {
            id = -1;
            return error;
        }

        byte* shell = (byte*)Marshal.StringToCoTaskMemUTF8(Shell);
        byte* option = (byte*)Marshal.StringToCoTaskMemUTF8("-c");
        byte* text = (byte*)Marshal.StringToCoTaskMemUTF8(script);
        try
        {
            error = Posix.AddDuplicate(actions, input, 0);
            if (error == 0)
                error = Posix.AddDuplicate(actions, output, 1);
            byte** arguments = stackalloc byte*[] { shell, option, text, null };
            byte** environment = stackalloc byte*[] { null };
            id = -1;
            return error != 0 ? error : Posix.Spawn(out id, Shell, actions, null, arguments, environment);
        }
        finally
        {
            Marshal.FreeCoTaskMem((nint)shell);
            Marshal.FreeCoTaskMem((nint)option);
            Marshal.FreeCoTaskMem((nint)text);
            _ = Posix.DestroyFileActions(actions);
        }
    }
}
