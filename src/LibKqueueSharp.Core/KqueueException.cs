namespace LibKqueueSharp;

/// <summary>A queue could not be created, a call failed, or a change was refused.</summary>
public sealed class KqueueException : IOException
{
    /// <summary>Creates the exception for a failed call.</summary>
    /// <param name="error">The error.</param>
    /// <param name="operation">What was tried, in words that complete "... failed".</param>
    public KqueueException(Errno error, string operation)
        : this(error, operation, Describe(error))
    {
    }

    /// <summary>Creates the exception for a failed call.</summary>
    /// <param name="error">The error.</param>
    /// <param name="operation">What was tried, in words that complete "... failed".</param>
    /// <param name="description">The error as the system calls it (<see cref="BackendQueue.Describe"/>).</param>
    public KqueueException(Errno error, string operation, string description)
        : base($"{operation} failed: {description}") => Error = error;

    /// <summary>Creates the exception for a refused change.</summary>
    /// <param name="error">The error.</param>
    /// <param name="change">The change that was refused.</param>
    /// <param name="explanation">What would help, in a sentence, or null (<see cref="BackendQueue.Explain"/>).</param>
    /// <param name="description">The error as the system calls it (<see cref="BackendQueue.Describe"/>), or null for the name and number of <see cref="Errno"/>.</param>
    public KqueueException(Errno error, KEvent change, string? explanation = null, string? description = null)
        : base($"the change {change} failed: {description ?? Describe(error)}{(explanation is null ? "" : $"; {explanation}")}")
    {
        Error = error;
        Change = change;
        Explanation = explanation;
    }

    /// <summary>The error, as kqueue(2) names it.</summary>
    public Errno Error { get; }

    /// <summary>The change that was refused, or null when the call as a whole failed.</summary>
    public KEvent? Change { get; }

    /// <summary>What lies behind the error and what would help, in a sentence without a full stop; null when the system tells no more.</summary>
    public string? Explanation { get; }

    private static string Describe(Errno error) => $"{error} ({(int)error})";
}
