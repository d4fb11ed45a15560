namespace LibKqueueSharp.Kq.Demo;

/// <summary>One thing that the demo shows.</summary>
internal abstract class Act
{
    /// <summary>What is shown, in a few words.</summary>
    public abstract string Title { get; }

    /// <summary>The filters that it needs; without them it is left out.</summary>
    public abstract IReadOnlyList<EventFilter> Filters { get; }

    /// <summary>What else than a filter is missing, as a sentence without a full stop; null when it can be shown.</summary>
    /// <param name="capabilities">What the backend can do here.</param>
    public virtual string? Missing(KqueueCapabilities capabilities) => null;

    /// <summary>Shows it.</summary>
    /// <param name="stage">A fresh queue, and the audience.</param>
    /// <exception cref="DemoException">An event that must come did not.</exception>
    /// <exception cref="LeftOutException">The system refuses what is needed to show it.</exception>
    public abstract void Play(Stage stage);
}
