using System.Diagnostics;
using System.Globalization;

namespace LibKqueueSharp.Benchmarks.Echo;

/// <summary>This program as a child that answers lines with lines.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    internal ChildProcess(params string[] arguments)
    {
        List<string> command = [];
        Itself.AddTo(command, arguments);
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    internal string ReadLine() =>
        _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("A child process has ended early.");

    internal double[] Ask(string question)
    {
        _process.StandardInput.WriteLine(question);
        return [.. ReadLine().Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already, with a line under way.
        }

        if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
            _process.Kill();
        _process.Dispose();
    }
}
