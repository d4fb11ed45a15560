namespace LibKqueueSharp.Kq.Watch;

/// <summary>One thing to watch.</summary>
/// <param name="name">Its name for people.</param>
/// <param name="registration">The change that registers it.</param>
internal class Watched(string name, KEvent registration)
{
    /// <summary>Its name for people.</summary>
    public string Name { get; } = name;

    /// <summary>The change that registers it; udata is set by <see cref="WatchRun"/>.</summary>
    public KEvent Registration { get; protected set; } = registration;

    /// <summary>A change that asks for less, tried where the system cannot give what <see cref="Registration"/> asks for.</summary>
    public KEvent? Lesser { get; protected init; }

    /// <summary>False before <see cref="Open"/> when only that gives the registration its ident.</summary>
    public virtual bool HasIdent => true;

    /// <summary>Opens what is to be watched, just before it is registered.</summary>
    /// <returns>Why it cannot be opened.</returns>
    public virtual Errno Open() => Errno.None;

    /// <summary>Called when it is registered.</summary>
    public virtual void AfterRegistration()
    {
    }

    /// <summary>The name of what an event is about.</summary>
    /// <param name="e">The event.</param>
    public virtual string NameOf(in KEvent e) => Name;

    /// <summary>What an event means, in words.</summary>
    /// <param name="e">The event.</param>
    public virtual string MeaningOf(in KEvent e) => EventMeaning.Of(e);

    /// <summary>Called after an event was shown.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="e">The event.</param>
    /// <returns>False when no other event can come: the registration is gone.</returns>
    public virtual bool AfterEvent(Kqueue queue, in KEvent e) => (e.Flags & EventFlags.OneShot) == 0;
}
