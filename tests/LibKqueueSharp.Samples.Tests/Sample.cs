using System.Collections.Concurrent;
using System.Diagnostics;

namespace LibKqueueSharp.Samples.Tests;

/// <summary>A sample that runs as a process of its own; its lines are taken as they come.</summary>
internal sealed class Sample : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly BlockingCollection<string> _output = [];
    private readonly BlockingCollection<string> _errors = [];
    private readonly ConcurrentQueue<string> _all = [];
    private readonly Process _process;

    /// <summary>Starts it by env(1): the tests may have inherited signals as ignored.</summary>
    public Sample(string name, params string[] arguments)
        : this([PathOf(name), .. arguments])
    {
    }

    private Sample(string[] command)
    {
        ProcessStartInfo start = new("env", ["--default-signal=INT,TERM,QUIT,HUP", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _ = Collect(_process.StandardOutput, _output);
        _ = Collect(_process.StandardError, _errors);
    }

    public int Id => _process.Id;

    /// <summary>Starts it with /dev/null as its standard input.</summary>
    public static Sample WithoutInput(string name, params string[] arguments) =>
        new(["/bin/sh", "-c", "exec \"$0\" \"$@\" </dev/null", PathOf(name), .. arguments]);

    /// <summary>Takes lines of its standard output until one fits.</summary>
    public string Take(Func<string, bool> fits) => Take(_output, fits);

    /// <summary>Takes lines of its standard output up to one.</summary>
    public void Take(string line) => Take(l => l == line);

    /// <summary>Takes lines of its standard error until one fits.</summary>
    public string TakeError(Func<string, bool> fits) => Take(_errors, fits);

    /// <summary>Fails when a line is on the standard output that was not taken yet.</summary>
    public void HasNoMoreOutput() => Assert.That(_output, Is.Empty, ToString());

    public void Type(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    public void Send(string signal) => Send(signal, Id);

    public static void Send(string signal, int process)
    {
        using Process kill = Process.Start("kill", ["-s", signal, $"{process}"]);
        kill.WaitForExit();
        Assert.That(kill.ExitCode, Is.Zero, $"kill -s {signal} {process}");
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public int WaitForExit()
    {
        Assert.That(_process.WaitForExit(s_patience), Is.True, $"it does not end\n{this}");
        return _process.ExitCode;
    }

    public override string ToString() => string.Join('\n', _all);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, name);

    private string Take(BlockingCollection<string> lines, Func<string, bool> fits)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_patience && lines.TryTake(out string? line, s_patience))
        {
            if (fits(line))
                return line;
        }

        Assert.Fail($"the line does not come{(_process.HasExited ? $", it has ended with {_process.ExitCode}" : "")}\n{this}");
        return "";
    }

    private async Task Collect(StreamReader reader, BlockingCollection<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _all.Enqueue(line);
            lines.Add(line);
        }

        lines.CompleteAdding();
    }
}
