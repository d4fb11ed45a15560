namespace LibKqueueSharp.Kq.Watch;

/// <summary>Who is told what happens.</summary>
internal interface IWatchOutput
{
    /// <summary>Before the first event.</summary>
    void Begin();

    /// <summary>An event came.</summary>
    /// <param name="watched">What is watched.</param>
    /// <param name="e">The event.</param>
    void Event(Watched watched, in KEvent e);

    /// <summary>The system refused a registration.</summary>
    /// <param name="watched">What was to be watched.</param>
    /// <param name="error">Why.</param>
    void Refused(Watched watched, Errno error);
}
