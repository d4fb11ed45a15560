namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Finds the host for this system.</summary>
public static class ScenarioHosts
{
    /// <summary>A fresh host.</summary>
    public static IScenarioHost Create() => OperatingSystem.IsWindows() ? new WindowsHost() : new PosixHost();
}
