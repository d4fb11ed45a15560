using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>A child that runs a shell script and is reaped by nobody but the test. It runs already when it is handed out.</summary>
internal sealed unsafe partial class Child : IDisposable
{
    private readonly Fd _input;
    private readonly Fd _output;
    private bool _reaped;

    private Child(int id, Fd input, Fd output)
    {
        Id = id;
        _input = input;
        _output = output;
    }

    internal int Id { get; }

    internal static Child Start(string script)
    {
        (Fd inputReader, Fd inputWriter) = Pipe();
        (Fd outputReader, Fd outputWriter) = Pipe();
        int id = Spawn("/bin/sh", inputReader, outputWriter, "-c", "echo go;" + script);
        inputReader.Dispose();
        outputWriter.Dispose();
        Child child = new(id, inputWriter, outputReader);
        Assert.That(child.ReadLine(), Is.EqualTo("go"), "the child runs");
        return child;
    }

    /// <summary>A child that ends with a code when it is told to go.</summary>
    internal static Child Exiting(int code) => Start(string.Create(CultureInfo.InvariantCulture, $"read go;exit {code}"));

    /// <summary>A child that exits with 4 and has the id of one that was reaped, where the system lets one choose and nobody else was faster.</summary>
    internal static bool TryReuse(int id, [NotNullWhen(true)] out Child? child)
    {
        child = null;
        try
        {
            File.WriteAllText("/proc/sys/kernel/ns_last_pid", string.Create(CultureInfo.InvariantCulture, $"{id - 1}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        child = Exiting(4);
        if (child.Id == id)
            return true;
        child.Dispose();
        child = null;
        return false;
    }

    /// <summary>A child that is dead and not reaped.</summary>
    internal static Child Zombie(int code)
    {
        Child child = Exiting(code);
        child.Go();
        child.WaitDead();
        return child;
    }

    /// <summary>Lets one <c>read</c> of the script return.</summary>
    internal void Go() => Assert.That(_input.TryWrite("\n"u8), Is.EqualTo(1), $"telling {Id}");

    /// <summary>Closes the child's standard input.</summary>
    internal void EndInput() => _input.Dispose();

    internal string ReadLine()
    {
        StringBuilder line = new();
        Span<byte> one = stackalloc byte[1];
        while (true)
        {
            long read = 0;
            Eventually.Holds(() => (read = Poll(_output)) != 0, () => $"a line of child {Id}; had '{line}'");
            if (_output.TryRead(one) <= 0 || one[0] == '\n')
                return line.ToString();
            line.Append((char)one[0]);
        }
    }

    /// <summary>The number that the script prints.</summary>
    internal int ReadNumber() => int.Parse(ReadLine(), CultureInfo.InvariantCulture);

    internal void Kill(Signum signal) => Assert.That(Syscall.kill(Id, signal), Is.Zero, $"kill({Id})");

    internal void WaitDead() => Eventually.Holds(() => IsDead(Id), $"the death of {Id}");

    /// <summary>Whether a process is over, and whoever watches it has been told.</summary>
    internal static bool IsDead(int id)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            if (stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X'))
                return false;
        }
        catch (IOException)
        {
        }

        // The state is seen before pidfds are woken. Both happen under the kernel's lock of all tasks, which a signal to a group waits for.
        Assert.That(SignalGroup(0, 0), Is.Zero);
        return true;
    }

    /// <summary>Waits for the child and reaps it.</summary>
    internal int Reap()
    {
        int status = -1;
        Eventually.Holds(() => Syscall.waitpid(Id, out status, WaitOptions.WNOHANG) == Id, $"the end of child {Id}");
        _reaped = true;
        return status;
    }

    public void Dispose()
    {
        if (!_reaped)
        {
            _ = Syscall.kill(Id, Signum.SIGKILL);
            Reap();
        }

        _input.Dispose();
        _output.Dispose();
    }

    /// <summary>posix_spawn(3) of a program with these as its standard input and output.</summary>
    internal static int Spawn(string program, int input, int output, params string[] arguments)
    {
        byte* actions = stackalloc byte[256];
        nint[] strings = [.. arguments.Prepend(program).Select(Marshal.StringToCoTaskMemUTF8), 0];
        nint* environment = stackalloc nint[] { 0 };
        fixed (nint* argv = strings)
        {
            int error = InitActions(actions);
            if (error == 0)
                error = AddDuplicate(actions, input, 0);
            if (error == 0)
                error = AddDuplicate(actions, output, 1);
            int id = -1;
            if (error == 0)
                error = PosixSpawn(&id, (byte*)argv[0], actions, null, argv, environment);
            _ = DestroyActions(actions);
            foreach (nint s in strings)
                Marshal.FreeCoTaskMem(s);
            return error == 0 ? id : throw new Win32Exception(error);
        }
    }

    internal static (Fd Reader, Fd Writer) Pipe()
    {
        if (Syscall.pipe(out int reader, out int writer) < 0)
            throw new Win32Exception(Marshal.GetLastWin32Error());
        _ = Syscall.fcntl(reader, FcntlCommand.F_SETFD, 1);
        _ = Syscall.fcntl(writer, FcntlCommand.F_SETFD, 1);
        return (new(reader), new(writer));
    }

    private static int Poll(int fd)
    {
        Tmds.Linux.pollfd entry = new() { fd = fd, events = (short)Posix.EPOLLIN };
        return Posix.Poll(&entry, 1, 0);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SignalGroup(int group, int signal);

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int PosixSpawn(int* id, byte* path, void* actions, void* attributes, nint* arguments, nint* environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitActions(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(void* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(void* actions);
}
