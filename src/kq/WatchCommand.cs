using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using LibKqueueSharp.Kernels;
using LibKqueueSharp.Kq.Watch;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kq;

/// <summary><c>kq watch</c>.</summary>
internal static class WatchCommand
{
    private static readonly nint s_standardOutput = Native.StandardStream(1);

    private static readonly SignalSource s_signals = new();

    private static readonly WatchSource[] s_sources =
    [
        new FileSource(),
        new ProcessSource(),
        s_signals,
        new DescriptorSource("--read", EventFilter.Read, "Watch descriptors that the command was started with: something can be read."),
        new DescriptorSource("--write", EventFilter.Write, "Watch descriptors that the command was started with: something can be written."),
        new StandardInputSource(),
        new TimerSource(),
        new MountSource(),
    ];

    private static readonly BackendOptions s_backend =
        new("The backend to watch with, bsd with --library and --abi; this system's by default.", "NAME", checks: false);

    private static readonly Option<string> s_dialect = SharedOptions.Among(
        new("--dialect") { Description = "The dialect that the queue follows; freebsd by default, a kernel's own with --backend bsd." },
        Dialect.All.Select(d => d.Name));

    private static readonly Option<long?> s_count = new("--count")
    {
        Description = "End after so many events.",
        HelpName = "N",
        CustomParser = ParseCount,
    };

    private static readonly Option<Duration[]> s_for = new("--for")
    {
        Description = "End after so long: a whole number with ns, us, ms or s.",
        HelpName = "DURATION",
        CustomParser = Duration.ParseAll,
        Arity = ArgumentArity.ExactlyOne,
    };

    private static readonly Option<bool> s_json = new("--json") { Description = "Write each event as a JSON object on a line of its own." };

    public static Command Create()
    {
        Command command = new("watch", "Show events as they come, until Ctrl-C. Ends with 1 when the system refuses all that is to be watched.");
        foreach (WatchSource source in s_sources)
            command.Add(source.Option);
        command.Add(s_count);
        command.Add(s_for);
        command.Add(s_json);
        command.Add(s_dialect);
        s_backend.AddTo(command);
        command.Validators.Add(result =>
        {
            if (s_sources.All(source => result.GetResult(source.Option) is null))
                result.AddError($"There is nothing to watch: give {string.Join(", ", s_sources.Select(s => s.Option.Name))}.");
        });
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        KqueueBackend backend = s_backend.Read(parsed).Find();
        string? name = parsed.GetValue(s_dialect) ?? (backend is BsdBackend ? backend.Capabilities.Dialects[0] : null);
        Dialect dialect = name is null ? Dialect.FreeBsd : Dialect.Find(name)!;
        Watched[] watched = [.. s_sources.SelectMany(source => source.Named(parsed, dialect, backend.Capabilities))];
        using EndingSignals end = new(s_signals.Numbers(parsed));
        if (end.Remark is { } remark)
            Console.Error.WriteLine($"kq: {remark}");
        using Kqueue queue = Kqueue.Create(backend, dialect);
        IWatchOutput output = parsed.GetValue(s_json) ? new JsonOutput(Console.Out) : new TextOutput(Terminal.Open());
        TimeSpan duration = parsed.GetValue(s_for) is [var given, ..] ? given.ToTimeSpan() : Timeout.InfiniteTimeSpan;
        return new WatchRun(queue, output, Console.Error, parsed.GetValue(s_count) ?? long.MaxValue, duration)
            .Watch(watched, OutputReader(watched), end.Token);
    }

    private static long? ParseCount(ArgumentResult result)
    {
        if (long.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count > 0)
            return count;
        result.AddError("--count takes a number of at least 1.");
        return null;
    }

    // .NET writes to a pipe that nobody reads without an error: without this, "kq watch ... | head -1" would not end.
    private static KEvent? OutputReader(Watched[] watched)
    {
        KEvent registration = new((nuint)s_standardOutput, EventFilter.Write, EventFlags.Add | EventFlags.Clear);
        bool isTaken = watched.Any(w => w.Registration.Ident == registration.Ident && w.Registration.Filter == registration.Filter);
        return isTaken || !Console.IsOutputRedirected || IsFile(s_standardOutput) ? null : registration;
    }

    private static bool IsFile(nint descriptor)
    {
        using SafeFileHandle handle = new(descriptor, ownsHandle: false);
        using FileStream stream = new(handle, FileAccess.Write, bufferSize: 0);
        return stream.CanSeek;
    }
}
