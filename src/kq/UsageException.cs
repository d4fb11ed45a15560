namespace LibKqueueSharp.Kq;

/// <summary>The command line asks for something that makes no sense here.</summary>
/// <param name="message">What, for people.</param>
internal sealed class UsageException(string message) : Exception(message);
