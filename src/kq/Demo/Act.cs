namespace LibKqueueSharp.Kq.Demo;

/// <summary>One thing that the demo shows.</summary>
internal abstract class Act
{
    /// <summary>What is shown, in a few words.</summary>
    public abstract string Title { get; }

    /// <summary>The filters that it needs; without them it is left out.</summary>
    public abstract IReadOnlyList<EventFilter> Filters { get; }

    /// <summary>Shows it.</summary>
    /// <param name="stage">A fresh queue, and the audience.</param>
    /// <exception cref="DemoException">An event that must come did not.</exception>
    public abstract void Play(Stage stage);
}
