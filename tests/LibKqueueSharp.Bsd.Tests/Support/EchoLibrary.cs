using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kernels.Tests;

/// <summary>The echo kqueue, compiled for the layout of a system. One a system and process; its state is the library's.</summary>
internal sealed unsafe class EchoLibrary
{
    private static readonly Dictionary<string, EchoLibrary> s_compiled = [];

    private readonly nint _handle;

    private EchoLibrary(string path)
    {
        Path = path;
        _handle = NativeLibrary.Load(path);
    }

    /// <summary>The shared library.</summary>
    public string Path { get; }

    /// <summary>The library of a system; inconclusive without a compiler.</summary>
    public static EchoLibrary For(KqueueAbi abi)
    {
        string symbol = abi.Name is "freebsd" or "netbsd" or "macos" ? abi.Name.ToUpperInvariant() : "PLAIN";
        lock (s_compiled)
        {
            if (!s_compiled.TryGetValue(symbol, out EchoLibrary? library))
                s_compiled[symbol] = library = new(Compile(symbol));
            return library;
        }
    }

    /// <summary>Forgets what it was given and told.</summary>
    /// <param name="echoes">kevent returns the changes as events, and not what <see cref="Answer"/> says.</param>
    public void Reset(bool echoes) => ((delegate* unmanaged<int, void>)Function("echo_reset"))(echoes ? 1 : 0);

    /// <summary>Lets the next calls fail.</summary>
    public void Fail(int number) => ((delegate* unmanaged<nint, void>)Function("echo_fail"))(number);

    /// <summary>sizeof(struct kevent).</summary>
    public long Size => Number("echo_size");

    /// <summary>How often kevent was called.</summary>
    public long Calls => Number("echo_calls");

    /// <summary>nchanges of the last call.</summary>
    public long Given => Number("echo_given");

    /// <summary>Where the changes of the last call were.</summary>
    public nint ChangesAt => (nint)Number("echo_changes_at");

    /// <summary>nevents of the last call.</summary>
    public long Room => Number("echo_room");

    /// <summary>The timespec of the last call; (-1, -1) for none.</summary>
    public (long Seconds, long Nanoseconds) Timeout
    {
        get
        {
            var read = (delegate* unmanaged<int, nint>)Function("echo_timeout");
            return (read(0), read(1));
        }
    }

    /// <summary>The pid that waitid(2) takes for a child.</summary>
    public void Child(int pid) => ((delegate* unmanaged<nint, void>)Function("echo_child"))(pid);

    /// <summary>A change of the last call, as C sees it.</summary>
    public CEvent Change(int index)
    {
        var field = (delegate* unmanaged<int, int, nint>)Function("echo_field");
        return new(field(index, 0), field(index, 1), field(index, 2), field(index, 3), field(index, 4), field(index, 5));
    }

    /// <summary>The ext array of a change.</summary>
    public long[] Extension(int index)
    {
        var field = (delegate* unmanaged<int, int, nint>)Function("echo_field");
        return [field(index, 6), field(index, 7), field(index, 8), field(index, 9)];
    }

    /// <summary>What aio(4) was given last; echo_aio in echo.c says which field is what.</summary>
    public long Aio(int field) => ((delegate* unmanaged<int, nint>)Function("echo_aio"))(field);

    /// <summary>What aio_error(2) tells from now on.</summary>
    public void EndAio(int error) => ((delegate* unmanaged<nint, void>)Function("echo_aio_end"))(error);

    /// <summary>Adds an event to those that kevent returns.</summary>
    public void Answer(CEvent e) =>
        ((delegate* unmanaged<nint, nint, nint, nint, nint, nint, void>)Function("echo_answer"))(
            (nint)e.Ident, (nint)e.Filter, (nint)e.Flags, (nint)e.FFlags, (nint)e.Data, (nint)e.UData);

    private nint Function(string name) => NativeLibrary.GetExport(_handle, name);

    private long Number(string name) => ((delegate* unmanaged<nint>)Function(name))();

    private static string Compile(string symbol)
    {
        string source = System.IO.Path.Combine(TestContext.CurrentContext.TestDirectory, "data", "echo.c");
        string output = System.IO.Path.Combine(TestContext.CurrentContext.TestDirectory, $"echo-{symbol}.so");
        try
        {
            using Process gcc = Process.Start(new ProcessStartInfo("gcc", ["-shared", "-fPIC", "-O1", "-D" + symbol, "-o", output, source])
            {
                RedirectStandardError = true,
            })!;
            string complaints = gcc.StandardError.ReadToEnd();
            gcc.WaitForExit();
            Assert.That(gcc.ExitCode, Is.Zero, complaints);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Inconclusive("there is no gcc");
        }

        return output;
    }
}

/// <summary>A struct kevent as C sees it.</summary>
internal readonly record struct CEvent(long Ident, long Filter, long Flags, long FFlags, long Data, long UData);
