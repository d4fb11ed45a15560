using System.Diagnostics;

namespace LibKqueueSharp.Kq.Tests;

/// <summary>The built kq command, run as a process of its own.</summary>
internal static class KqProcess
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static string Path =>
        System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "kq.exe" : "kq");

    public static Process Start(params string[] arguments) => StartProgram(Path, arguments);

    /// <summary>Starts kq by env(1), which can say what the signals are at its start; otherwise they are what the tests inherited.</summary>
    public static Process StartWithSignals(string option, params string[] arguments) =>
        StartProgram("env", [option, Path, .. arguments]);

    /// <summary>Starts kq by a command that becomes kq in the end.</summary>
    public static Process StartBy(string[] command, params string[] arguments) =>
        StartProgram(command[0], [.. command[1..], Path, .. arguments]);

    private static Process StartProgram(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    public static KqResult Run(params string[] arguments) => RunWithInput("", arguments);

    public static KqResult RunWithInput(string input, params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        int code = WaitForExit(process);
        return new(string.Join(' ', arguments), code, output.Result, error.Result);
    }

    /// <summary>The command in this process, for what ends before it waits or changes anything: some two hundred times as quick.</summary>
    public static KqResult RunHere(params string[] arguments)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        using StringWriter said = new();
        using StringWriter complained = new();
        Console.SetOut(said);
        Console.SetError(complained);
        try
        {
            int code = Program.Main(arguments);
            return new(string.Join(' ', arguments), code, said.ToString(), complained.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }

    public static int WaitForExit(Process process)
    {
        if (process.WaitForExit(s_patience))
            return process.ExitCode;
        process.Kill();
        Assert.Fail($"kq {string.Join(' ', process.StartInfo.ArgumentList)} did not end within {s_patience}");
        return -1;
    }
}
