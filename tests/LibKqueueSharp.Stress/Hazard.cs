namespace LibKqueueSharp.Stress;

/// <summary>One way in which threads could disturb each other, and the rule that must hold nevertheless.</summary>
internal abstract class Hazard
{
    internal virtual string Name => GetType().Name;

    /// <summary>Starts the threads of a trial. A broken rule goes to <see cref="Trial.Fail"/>; threads end when the trial is over.</summary>
    internal abstract void Start(Trial trial);
}
