using System.CommandLine;
using System.Runtime.Versioning;
using Mono.Unix.Native;

namespace LibKqueueSharp.Kq.Watch;

/// <summary>
/// <c>--read</c> and <c>--write</c>: descriptors that the command was started with. They belong to others as well, so nothing is read
/// or written; EV_CLEAR tells of each change once.
/// </summary>
internal sealed class DescriptorSource : WatchSource
{
    private readonly EventFilter _filter;
    private readonly Option<int[]> _option;

    public DescriptorSource(string name, EventFilter filter, string description)
    {
        _filter = filter;
        _option = new(name)
        {
            Description = description,
            HelpName = "FD",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
    }

    public override Option Option => _option;

    public override IEnumerable<Watched> Named(ParseResult parsed, Dialect dialect, KqueueCapabilities backend) =>
        (parsed.GetValue(_option) ?? []).Select(Name);

    private Watched Name(int descriptor)
    {
        if (!OperatingSystem.IsWindows() && IsOwn(descriptor))
            throw new UsageException($"descriptor {descriptor} is kq's own; only those that it was started with can be watched");
        return new($"descriptor {descriptor}", new((nuint)(nint)descriptor, _filter, EventFlags.Add | EventFlags.Clear));
    }

    // What the runtime opens is close-on-exec; what was inherited cannot be.
    [UnsupportedOSPlatform("windows")]
    private static bool IsOwn(int descriptor)
    {
        const int CloseOnExec = 1;
        int flags = Syscall.fcntl(descriptor, FcntlCommand.F_GETFD);
        return flags >= 0 && (flags & CloseOnExec) != 0;
    }
}
