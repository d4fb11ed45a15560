using System.CommandLine;

namespace LibKqueueSharp.Kq.Watch;

/// <summary><c>--stdin</c>.</summary>
internal sealed class StandardInputSource : WatchSource
{
    private readonly Option<bool> _option = new("--stdin")
    {
        Description = "Watch the standard input; what comes is read and dropped, and the watch ends with it.",
    };

    public override Option Option => _option;

    public override IEnumerable<Watched> Named(ParseResult parsed, Dialect dialect, KqueueCapabilities backend) =>
        parsed.GetValue(_option) ? [new StandardInput()] : [];
}
