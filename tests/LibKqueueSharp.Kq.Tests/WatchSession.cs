using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace LibKqueueSharp.Kq.Tests;

/// <summary>A <c>kq watch --json</c> that runs; its lines are taken as they come.</summary>
internal sealed class WatchSession : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly BlockingCollection<string> _lines = [];
    private readonly List<string> _taken = [];
    private readonly Process _process;
    private readonly Task<string> _errors;

    /// <summary>Starts it, and waits until all is registered: a timer, started last, fires then.</summary>
    public WatchSession(params string[] arguments)
    {
        _process = KqProcess.StartWithSignals(
            "--default-signal=INT,TERM,QUIT,HUP,USR1", ["watch", "--json", .. arguments, "--timer", "20ms", "1000000s"]);
        _errors = _process.StandardError.ReadToEndAsync();
        _ = ReadLines();
        Take(line => line.GetProperty("filter").GetString() == "EVFILT_TIMER");
    }

    public int Id => _process.Id;

    /// <summary>Takes lines until one fits.</summary>
    public JsonElement Take(Func<JsonElement, bool> fits)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_patience && _lines.TryTake(out string? line, s_patience))
        {
            JsonElement json = JsonDocument.Parse(line).RootElement;
            if (json.GetProperty("filter").GetString() != "EVFILT_TIMER")
                _taken.Add(line);
            if (fits(json))
                return json;
        }

        Assert.Fail($"no such line among\n{string.Join('\n', _taken)}\n{(_errors.IsCompleted ? _errors.Result : "")}");
        return default;
    }

    /// <summary>Takes lines until one is about a note of something.</summary>
    public JsonElement TakeNote(string name, string note) => Take(line => IsOf(line, name) && Notes(line).Contains(note));

    public static bool IsOf(JsonElement line, string name) => line.GetProperty("name").GetString() == name;

    public static string?[] Notes(JsonElement line) => [.. line.GetProperty("fflags").EnumerateArray().Select(f => f.GetString())];

    public void Send(string signal)
    {
        using Process kill = Process.Start("kill", ["-s", signal, $"{Id}"]);
        kill.WaitForExit();
        Assert.That(kill.ExitCode, Is.Zero);
    }

    /// <summary>Ends it by a signal.</summary>
    /// <returns>What it wrote to its standard error.</returns>
    public string End(string signal = "TERM")
    {
        Send(signal);
        Assert.That(KqProcess.WaitForExit(_process), Is.Zero, _errors.Result);
        return _errors.Result;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private async Task ReadLines()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            _lines.Add(line);
        _lines.CompleteAdding();
    }
}
