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

    /// <summary>The system refused something.</summary>
    /// <param name="refusal">What, and why.</param>
    void Refused(Refusal refusal);
}
