using System.CommandLine;

namespace LibKqueueSharp.Kq.Watch;

/// <summary>An option that names things to watch.</summary>
internal abstract class WatchSource
{
    /// <summary>The option.</summary>
    public abstract Option Option { get; }

    /// <summary>What a command line names with it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="dialect">What the queue follows: dialects differ in their notes.</param>
    /// <param name="backend">What the backend serves.</param>
    public abstract IEnumerable<Watched> Named(ParseResult parsed, Dialect dialect, KqueueCapabilities backend);
}
