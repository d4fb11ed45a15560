namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// A difference between two systems that says nothing about kqueue. A rule allows exactly that and nothing near it.
/// An object serves one comparison, because a rule may remember what earlier lines did.
/// </summary>
public abstract class ComparisonRule
{
    /// <summary>The name of the rule.</summary>
    public abstract string Name { get; }

    /// <summary>Why the difference says nothing.</summary>
    public abstract string Reason { get; }

    /// <summary>Allows a difference in what a call returned.</summary>
    /// <param name="line">The line.</param>
    internal virtual bool AllowsAnswer(LinePair line) => false;

    /// <summary>Allows a difference in data.</summary>
    /// <param name="line">The line.</param>
    /// <param name="expected">The event of the trace.</param>
    /// <param name="answered">The event of the backend.</param>
    internal virtual bool AllowsData(LinePair line, EventAnswer expected, EventAnswer answered) => false;

    /// <summary>Allows a difference in flags.</summary>
    /// <param name="expected">The event of the trace.</param>
    /// <param name="answered">The event of the backend.</param>
    internal virtual bool AllowsFlags(EventAnswer expected, EventAnswer answered) => false;

    /// <summary>Allows that an event of the trace did not come.</summary>
    /// <param name="line">The line.</param>
    /// <param name="expected">The event of the trace.</param>
    internal virtual bool AllowsMissing(LinePair line, EventAnswer expected) => false;

    /// <summary>Allows an event that the trace does not have.</summary>
    /// <param name="line">The line.</param>
    /// <param name="answered">The event of the backend.</param>
    internal virtual bool AllowsExtra(LinePair line, EventAnswer answered) => false;

    /// <summary>Allows that two events came in the other order.</summary>
    /// <param name="line">The line.</param>
    /// <param name="earlier">The event that comes first in the trace.</param>
    /// <param name="later">The event that comes second in the trace.</param>
    internal virtual bool AllowsOrder(LinePair line, EventAnswer earlier, EventAnswer later) => false;

    /// <summary>Takes note of a line after it was compared.</summary>
    /// <param name="line">The line.</param>
    internal virtual void Observe(LinePair line)
    {
    }
}
