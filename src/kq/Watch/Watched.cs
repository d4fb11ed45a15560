namespace LibKqueueSharp.Kq.Watch;

/// <summary>One thing to watch.</summary>
/// <param name="name">Its name for people.</param>
/// <param name="registration">The change that registers it.</param>
internal class Watched(string name, KEvent registration)
{
    /// <summary>Its name for people.</summary>
    public string Name { get; } = name;

    /// <summary>The change that registers it; udata is set by <see cref="WatchRun"/>.</summary>
    public KEvent Registration { get; } = registration;

    /// <summary>Called after an event was shown.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="e">The event.</param>
    public virtual void AfterEvent(Kqueue queue, in KEvent e)
    {
    }
}
