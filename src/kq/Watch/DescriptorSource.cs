using System.CommandLine;

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

    public override IEnumerable<Watched> Named(ParseResult parsed) =>
        from descriptor in parsed.GetValue(_option) ?? []
        select new Watched($"descriptor {descriptor}", new((nuint)(nint)descriptor, _filter, EventFlags.Add | EventFlags.Clear));
}
