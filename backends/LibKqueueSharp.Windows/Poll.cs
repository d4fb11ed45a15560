namespace LibKqueueSharp.Windows;

/// <summary>
/// One AFD poll and the memory that the kernel writes to meanwhile. That memory is freed only when no poll uses it: an abandoned poll keeps its
/// object until its packet came back. Guarded by the queue's lock.
/// </summary>
internal sealed class Poll(int number)
{
    internal nint Block { get; } = Sys.AllocateBlock();

    /// <summary>What its packet carries; from 1.</summary>
    internal int Number { get; } = number;

    /// <summary>The handle that it was made on.</summary>
    internal nint Afd;

    /// <summary>What it asks for.</summary>
    internal AfdEvents Asked;

    /// <summary>Its packet has not come back.</summary>
    internal bool IsPending;

    /// <summary>Whose it is; null for a guard, and for a poll that nobody wants any more.</summary>
    internal Interest? Interest;

    /// <summary>The socket that it guards.</summary>
    internal WatchedSocket? Guarded;
}
