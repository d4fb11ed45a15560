using System.CommandLine;
using LibKqueueSharp.Kernels;

namespace LibKqueueSharp.Kq;

/// <summary><c>--backend</c>, <c>--library</c> and <c>--abi</c>, and <c>--deviations</c> of the commands that check a backend.</summary>
internal sealed class BackendOptions
{
    // Short for a libkqueue.so.0 of ours: --backend bsd --abi libkqueue --deviations linux.
    private const string OurLibrary = "cabi";

    private readonly Option<string> _backend;
    private readonly bool _checks;

    private readonly Option<string> _library = new("--library")
    {
        Description = "With --backend bsd: the C library whose kqueue(2) is called; the system's own by default.",
        HelpName = "PATH",
    };

    private readonly Option<string> _abi = SharedOptions.Among(
        new("--abi") { Description = "With --backend bsd: the system whose struct kevent and numbers the library has." },
        KqueueAbi.All.Select(a => a.Name));

    private readonly Option<string> _deviations = new("--deviations")
    {
        Description = "Count as passed where that backend is known to differ, in place of the one that is checked.",
        HelpName = "NAME",
    };

    /// <summary>Creates them.</summary>
    /// <param name="description">What <c>--backend</c> does in the command.</param>
    /// <param name="helpName">What it takes.</param>
    /// <param name="checks">The command checks the backend: deviations can be named.</param>
    public BackendOptions(string description, string helpName, bool checks = true)
    {
        _backend = new("--backend") { Description = description, HelpName = helpName };
        _checks = checks;
    }

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _backend, _library, _abi })
            command.Add(option);
        if (_checks)
            command.Add(_deviations);
        command.Validators.Add(result =>
        {
            string? backend = result.GetValue(_backend);
            if (backend is not (BackendLoader.Native or OurLibrary) && result.GetResult(_library) is not null)
                result.AddError($"--library goes with --backend {BackendLoader.Native} or {OurLibrary}.");
            if (backend != BackendLoader.Native && result.GetResult(_abi) is not null)
                result.AddError($"--abi goes with --backend {BackendLoader.Native}.");
            if (backend == OurLibrary && result.GetResult(_library) is null)
                result.AddError($"--backend {OurLibrary} needs --library.");
        });
    }

    /// <summary>What was asked for.</summary>
    public BackendChoice Read(ParseResult parsed)
    {
        string? deviations = _checks ? parsed.GetValue(_deviations) : null;
        return parsed.GetValue(_backend) == OurLibrary
            ? new(BackendLoader.Native, parsed.GetValue(_library), KqueueAbi.LibKqueue.Name, deviations ?? "linux")
            : new(parsed.GetValue(_backend), parsed.GetValue(_library), parsed.GetValue(_abi), deviations);
    }
}

/// <summary>A backend that was asked for.</summary>
/// <param name="Name">Its name or its assembly; null for this system's.</param>
/// <param name="Library">The C library of the native backend; null for the system's own.</param>
/// <param name="Abi">The ABI of that library; null for this system's.</param>
/// <param name="Deviations">Whose deviations count; null for those of the backend.</param>
internal sealed record BackendChoice(string? Name = null, string? Library = null, string? Abi = null, string? Deviations = null)
{
    /// <summary>The backend, when its name is not that of an assembly.</summary>
    /// <exception cref="UsageException">There is no such backend, or its library cannot be used.</exception>
    public KqueueBackend Find() => Name == BackendLoader.Native && (Library ?? Abi) is not null
        ? BackendLoader.OpenNative(Library, Abi)
        : BackendLoader.Find(Name);
}
