using LibKqueueSharp.Model.Playing;
using LibKqueueSharp.Model.Programs;

namespace LibKqueueSharp.Engine.Tests.Models;

/// <summary>Random programs on the engine, in virtual time, against the model.</summary>
public sealed class EngineModelTests
{
    private const int Programs = 8_000;

    [Test]
    public void EngineAndModelAgree() =>
        Comparison.Run("engine", new SimulatedPrograms(), Programs, virtualTime: true, SimulatedMachine.Play);
}
