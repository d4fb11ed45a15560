namespace LibKqueueSharp.Conformance.Replay;

/// <summary>A scenario, a trace or a list of deviations is not written as it must be.</summary>
public sealed class ScenarioFormatException : FormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="place">The file, and the line where there is one.</param>
    /// <param name="problem">What is wrong there.</param>
    /// <param name="inner">What was thrown when the text was read.</param>
    public ScenarioFormatException(string place, string problem, Exception? inner = null)
        : base($"{place}: {problem}", inner)
    {
    }
}
