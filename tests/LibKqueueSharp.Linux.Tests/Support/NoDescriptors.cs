using System.Diagnostics;
using System.Reflection;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>
/// A process that has every descriptor open that it may. It is not the one of all tests: .NET opens a pipe for each thread that starts,
/// and ends the process when it gets none.
/// </summary>
internal static class NoDescriptors
{
    internal const string Argument = "--without-descriptors";

    internal const string Variable = "KQ_MAY_RUN_OUT";

    private const string LastWords = "Out of memory.";

    private const int Attempts = 10;

    /// <summary>Runs the current test in another process, as often as the runtime ends it; false in that process, where the test is to be done.</summary>
    internal static bool AreElsewhere()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null)
            return false;
        string path = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(path) == "dotnet" ? [path, typeof(NoDescriptors).Assembly.Location] : [path];
        TestContext.TestAdapter test = TestContext.CurrentContext.Test;
        string[] command = [.. self, Argument, test.ClassName!, test.MethodName!];
        (int exit, string errors) = Start(command);
        Assert.That(exit, Is.Zero, errors);
        return true;
    }

    /// <summary>Runs one test of a fixture; its exit code is 0 when it holds.</summary>
    internal static int Run(string type, string name)
    {
        try
        {
            Type fixture = Assembly.GetExecutingAssembly().GetType(type)!;
            object instance = Activator.CreateInstance(fixture, nonPublic: true)!;
            LoadAll(Assembly.GetExecutingAssembly(), []);
            fixture.GetMethod(name)!.Invoke(instance, null);
            ((LinuxFixture)instance).CloseAll();
            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e.InnerException ?? e);
            return 1;
        }
    }

    /// <summary>The exit code and the errors of a process that may run out of descriptors, once it was not the runtime that ended it.</summary>
    internal static (int Exit, string Errors) Start(string[] command)
    {
        (int Exit, string Errors) result = (-1, LastWords);
        for (int attempt = 0; attempt < Attempts && result.Exit != 0 && result.Errors.Contains(LastWords, StringComparison.Ordinal); attempt++)
        {
            ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardError = true };
            start.Environment[Variable] = "1";
            using Process child = Process.Start(start)!;
            string errors = child.StandardError.ReadToEnd();
            child.WaitForExit();
            result = (child.ExitCode, errors);
        }

        return result;
    }

    internal static T While<T>(Func<T> action)
    {
        List<Fd> all = [];
        try
        {
            Fill(all);
            return action();
        }
        finally
        {
            all.ForEach(fd => fd.Dispose());
        }
    }

    internal static void Fill(List<Fd> all)
    {
        Assert.That(Environment.GetEnvironmentVariable(Variable), Is.Not.Null, "this process must not run out of descriptors");
        for (int fd; (fd = Syscall.dup(0)) >= 0;)
            all.Add(new Fd(fd));
    }

    /// <summary>Loading takes a descriptor, and code that has not run yet loads.</summary>
    private static void LoadAll(Assembly assembly, HashSet<string> loaded)
    {
        foreach (AssemblyName name in assembly.GetReferencedAssemblies().Where(n => loaded.Add(n.FullName)))
        {
            try
            {
                LoadAll(Assembly.Load(name), loaded);
            }
            catch (FileNotFoundException)
            {
                // Referenced by what is for another system.
            }
        }
    }
}
