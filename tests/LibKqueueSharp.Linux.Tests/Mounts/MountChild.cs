using System.Diagnostics;

namespace LibKqueueSharp.Linux.Tests.Mounts;

/// <summary>A test method that runs in a process with a mount namespace of its own, where it may mount what it likes.</summary>
internal static class MountChild
{
    internal const string Argument = "--mount-test";

    private static readonly string[][] s_namespaces = [["-m"], ["-r", "-m"]];

    /// <summary>Runs a test of <see cref="MountScenarios"/>; its exit code is 0 when it holds.</summary>
    internal static int Run(string name)
    {
        try
        {
            typeof(MountScenarios).GetMethod(name)!.Invoke(null, null);
            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e.InnerException ?? e);
            return 1;
        }
    }

    internal static void RunAndExpect(string name)
    {
        string[] unshare = Namespace();
        string path = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(path) == "dotnet";
        string[] self = isHost ? [path, typeof(MountChild).Assembly.Location] : [path];
        (int exit, string errors) = Execute("unshare", [.. unshare, .. self, Argument, name]);
        Assert.That(exit, Is.Zero, errors);
    }

    /// <summary>Runs a program to its end.</summary>
    internal static (int Exit, string Errors) Execute(string program, params string[] arguments)
    {
        using Process child = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string errors = child.StandardError.ReadToEnd();
        child.WaitForExit();
        return (child.ExitCode, errors);
    }

    /// <summary>How a namespace is had here: as root, or as the root of a user namespace.</summary>
    private static string[] Namespace()
    {
        List<string> reasons = [];
        foreach (string[] options in s_namespaces)
        {
            (int exit, string errors) = Execute("unshare", [.. options, "mount", "-t", "tmpfs", "probe", "/mnt"]);
            if (exit == 0)
                return options;
            reasons.Add(errors.Trim());
        }

        Assert.Inconclusive($"a mount namespace of its own is not to be had: {string.Join("; ", reasons)}");
        return [];
    }
}
