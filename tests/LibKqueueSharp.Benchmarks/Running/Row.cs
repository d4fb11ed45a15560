namespace LibKqueueSharp.Benchmarks.Running;

/// <summary>A table of the report: rows whose contenders are of one kind.</summary>
/// <param name="Id">The first part of the names of its rows.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Text">What the work is.</param>
/// <param name="Floor">The heading of the floor's column.</param>
/// <param name="Alternative">The heading of the alternative's column.</param>
/// <param name="CountingFloor">The heading of the column of the floor that counts.</param>
internal sealed record RowGroup(
    string Id, string Title, string Text, string Floor = "", string Alternative = "", string CountingFloor = "")
{
    internal string NameOf(Role role) => role switch
    {
        Role.Subject => "LibKqueueSharp",
        Role.Floor => Floor,
        Role.CountingFloor => CountingFloor,
        Role.Alternative => Alternative,
        _ => "libkqueue (C)",
    };
}

/// <summary>One work, done by several contenders in turns.</summary>
/// <param name="Group">The table it belongs to.</param>
/// <param name="Name">Its name in the group; together they are what a filter sees.</param>
/// <param name="Title">The work in words.</param>
internal sealed record Row(RowGroup Group, string Name, string Title)
{
    internal string Id => $"{Group.Id}/{Name}";

    /// <summary>The unit of the values; less is better.</summary>
    internal string Unit { get; init; } = Units.Nanoseconds;

    /// <summary>At most so many rounds, for work whose result does not scatter.</summary>
    internal int MostRounds { get; init; } = int.MaxValue;

    internal IReadOnlyList<Goal> Goals { get; init; } = [];

    /// <summary>Its system calls are counted as well.</summary>
    internal bool CountsSystemCalls { get; init; }

    /// <summary>Who takes part, the library first.</summary>
    internal IReadOnlyDictionary<Role, Func<Contender>> Contenders { get; init; } = new Dictionary<Role, Func<Contender>>();
}

/// <summary>What values are counted in.</summary>
internal static class Units
{
    internal const string Nanoseconds = "ns";
    internal const string Bytes = "bytes";
    internal const string Descriptors = "descriptors";
}
