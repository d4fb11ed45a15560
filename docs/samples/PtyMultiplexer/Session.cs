using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using LibKqueueSharp;

namespace PtyMultiplexer;

/// <summary>A command in a terminal of its own, whose output is shown line by line with its number.</summary>
internal sealed class Session : IDisposable
{
    private static readonly TimeSpan s_promptDelay = TimeSpan.FromMilliseconds(100);
    private static readonly byte[] s_buffer = new byte[16 * 1024];

    private readonly Kqueue _queue;
    private readonly int _number;
    private readonly PseudoTerminal _terminal = new();
    private readonly Process _process;
    private readonly List<byte> _line = [];
    private readonly List<byte> _typed = [];
    private bool _hasExited;
    private bool _isClosed;

    /// <summary>Starts it. Its events carry its number as udata: READ and WRITE of the terminal, TIMER, PROC.</summary>
    public Session(Kqueue queue, int number, string command, TerminalSize size)
    {
        _queue = queue;
        _number = number;
        _terminal.Resize(size);
        _queue.Add(_terminal.Master, EventFilter.Read, udata: number);
        _process = _terminal.Start(command);
        _hasExited = !_queue.TryAddProcess(_process.Id, udata: number);
    }

    /// <summary>It has ended, and nobody is left who could write to its terminal.</summary>
    public bool IsOver => _hasExited && _isClosed;

    public void Resize(TerminalSize size) => _terminal.Resize(size);

    /// <summary>Types a line.</summary>
    public void Type(string line)
    {
        _typed.AddRange(Encoding.UTF8.GetBytes(line + "\n"));
        Send();
    }

    /// <summary>Acts on an event of the session.</summary>
    public void Handle(KEvent e)
    {
        if (IsOver)
            return;
        switch (e.Filter)
        {
            case EventFilter.Read:
                Receive();
                break;
            case EventFilter.Write:
                Send();
                break;
            case EventFilter.Timer:
                ShowLine();
                break;
            case EventFilter.Process:
                _hasExited = true;
                break;
        }

        if (IsOver)
        {
            _process.WaitForExit();
            Console.WriteLine($"[{_number}] has ended with {_process.ExitCode}");
        }
    }

    public void Dispose()
    {
        _terminal.Dispose();
        _process.Dispose();
    }

    // When the last one that had the terminal open is gone, reading it fails (EIO).
    private void Receive()
    {
        nint count = Native.Read(_terminal.Master, s_buffer, (nuint)s_buffer.Length);
        if (count > 0)
        {
            Show(s_buffer.AsSpan(0, (int)count));
        }
        else if (count == 0 || Marshal.GetLastPInvokeError() != Native.EAGAIN)
        {
            _isClosed = true;
            _queue.Delete(_terminal.Master, EventFilter.Read);
            _queue.TryDelete(_number, EventFilter.Timer);
            if (_line.Count > 0)
                ShowLine();
        }
    }

    private void Send()
    {
        while (_typed.Count > 0)
        {
            nint count = Native.Write(_terminal.Master, [.. _typed], (nuint)_typed.Count);
            if (count >= 0)
            {
                _typed.RemoveRange(0, (int)count);
            }
            else if (Marshal.GetLastPInvokeError() == Native.EAGAIN)
            {
                _queue.Add(_terminal.Master, EventFilter.Write, EventFlags.OneShot, udata: _number);
                return;
            }
            else
            {
                _typed.Clear();
            }
        }
    }

    private void Show(ReadOnlySpan<byte> output)
    {
        foreach (byte b in output)
        {
            if (b == '\n')
                ShowLine();
            else if (b != '\r')
                _line.Add(b);
        }

        // A prompt has no end of line. It is shown when nothing follows.
        if (_line.Count > 0)
            _queue.AddTimer((nuint)_number, s_promptDelay, EventFlags.OneShot, _number);
        else
            _queue.TryDelete(_number, EventFilter.Timer);
    }

    private void ShowLine()
    {
        Console.WriteLine($"[{_number}] {Encoding.UTF8.GetString([.. _line])}");
        _line.Clear();
    }
}
