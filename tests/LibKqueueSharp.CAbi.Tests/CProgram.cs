namespace LibKqueueSharp.CAbi.Tests;

/// <summary>A small C program of <c>programs/</c>, built against the published header and library as its users build theirs.</summary>
internal static class CProgram
{
    private static readonly TimeSpan s_compilerPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(12);
    private static readonly string[] s_warnings = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-g", "-O1", "-pthread"];
    private static readonly Dictionary<string, string> s_built = [];
    private static readonly Lock s_gate = new();

    internal static string Folder => Path.Combine(Library.Root, "tests/LibKqueueSharp.CAbi.Tests/programs");

    /// <summary>Builds a program of the folder, once, runs one of its tests, and expects it to say that all is well.</summary>
    /// <param name="name">The file's name without its end.</param>
    /// <param name="arguments">What the program is given: the test's name first.</param>
    internal static string Check(string name, params string[] arguments)
    {
        Tool.Result result = Run(Build(Path.Combine(Folder, name + ".c")), arguments);
        Assert.That(result.ExitCode, Is.Zero, $"{name} {string.Join(' ', arguments)}:\n{result.Output}");
        return result.Output;
    }

    internal static Tool.Result Run(string program, params string[] arguments) =>
        Tool.Run(program, arguments, s_patience, new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = Library.Folder });

    internal static string Build(string source)
    {
        lock (s_gate)
        {
            if (!s_built.TryGetValue(source, out string? program))
            {
                Tool.Result result = TryBuild(source, "gcc", "-std=c99", out program);
                Assert.That(result.ExitCode, Is.Zero, result.Output);
                s_built.Add(source, program);
            }

            return program;
        }
    }

    internal static Tool.Result TryBuild(string source, string compiler, string standard, out string program)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "programs");
        Directory.CreateDirectory(folder);
        program = Path.Combine(folder, Path.GetFileName(source) + standard + ".out");
        return Tool.Run(
            compiler,
            [standard, .. s_warnings, "-I", Folder, "-o", program, source, "-I", Path.Combine(Library.Folder, "include/kqueue"), "-L", Library.Folder, "-lkqueue"],
            s_compilerPatience);
    }
}
