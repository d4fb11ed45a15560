using System.Diagnostics;

namespace LibKqueueSharp.CAbi.Tests;

/// <summary>A program that is run to its end: the compiler, the publisher, a compiled test.</summary>
internal static class Tool
{
    /// <param name="ExitCode">The exit code; 128 and the signal's number when a signal ended it.</param>
    /// <param name="Output">Standard output and standard error.</param>
    internal sealed record Result(int ExitCode, string Output);

    /// <summary>Whether a program is on the path.</summary>
    internal static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    internal static Result Run(string program, IEnumerable<string> arguments, TimeSpan patience, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            return new(-1, $"did not end within {patience}\n{output.Result}{error.Result}");
        }

        return new(process.ExitCode, output.Result + error.Result);
    }
}
