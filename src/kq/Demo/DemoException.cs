namespace LibKqueueSharp.Kq.Demo;

/// <summary>The demo did not go as it must.</summary>
/// <param name="message">What did not come, or what came instead.</param>
internal sealed class DemoException(string message) : Exception(message);
