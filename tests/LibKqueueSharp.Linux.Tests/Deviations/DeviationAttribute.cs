namespace LibKqueueSharp.Linux.Tests.Deviations;

/// <summary>
/// Marks a test that shows an entry of docs/deviations.md as it is. It fails when the deviation disappears: then the entry goes, and the test becomes
/// one of the clause.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DeviationAttribute(string name) : Attribute
{
    internal string Name { get; } = name;
}
