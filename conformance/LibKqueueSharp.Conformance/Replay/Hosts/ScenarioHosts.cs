namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Finds the host for this system.</summary>
public static class ScenarioHosts
{
    /// <summary>A fresh host.</summary>
    public static IScenarioHost Create() => Create(mayRunOutOfDescriptors: false);

    /// <summary>A fresh host.</summary>
    /// <param name="mayRunOutOfDescriptors">Whether the process may be left without descriptors: <see cref="PosixHost.MayRunOutOfDescriptors"/>.</param>
    public static IScenarioHost Create(bool mayRunOutOfDescriptors) =>
        OperatingSystem.IsWindows() ? new WindowsHost() : new PosixHost { MayRunOutOfDescriptors = mayRunOutOfDescriptors };
}
