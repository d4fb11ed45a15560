namespace LibKqueueSharp.Kq.Demo;

/// <summary>The system refuses what is needed to show a part; nothing is wrong with the queue.</summary>
/// <param name="reason">What is refused, and why.</param>
internal sealed class LeftOutException(string reason) : Exception(reason);
