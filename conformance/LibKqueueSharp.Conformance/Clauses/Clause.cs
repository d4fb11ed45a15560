namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>One statement about kqueue(2), with the program that checks it. Immutable.</summary>
public sealed class Clause
{
    internal Clause(string id, string statement, string source, ClauseDialects dialects, Action<ClauseTest> check)
        : this(id, statement, source, dialects, check, null)
    {
    }

    internal Clause(string id, string statement, string source, Action<ClauseTest> check)
        : this(id, statement, source, ClauseDialects.All, check, null)
    {
    }

    private Clause(string id, string statement, string source, ClauseDialects dialects, Action<ClauseTest>? check, string? whyNot)
    {
        Id = id;
        Statement = statement;
        Source = source;
        Dialects = dialects;
        Check = check;
        WhyNotObservable = whyNot;
    }

    /// <summary>The id, for example <c>CALL-ERR-007</c>.</summary>
    public string Id { get; }

    /// <summary>What the clause says.</summary>
    public string Statement { get; }

    /// <summary>Where it says so: a manual page or a kernel's function. Empty for a clause that cannot be observed.</summary>
    public string Source { get; }

    /// <summary>The dialects in which it holds. Where its answer differs, the check asks for the dialect.</summary>
    public ClauseDialects Dialects { get; }

    /// <summary>True when a program can tell whether the clause holds.</summary>
    public bool IsObservable => Check is not null;

    /// <summary>Why no program can tell, or null.</summary>
    public string? WhyNotObservable { get; }

    internal Action<ClauseTest>? Check { get; }

    /// <summary>Tells whether the clause says something about a dialect.</summary>
    /// <param name="dialect">The dialect; one of another name than the four follows only clauses that hold in all.</param>
    public bool HoldsIn(Dialect dialect) => Dialects == ClauseDialects.All || (Dialects & Of(dialect)) != 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Id}: {Statement}";

    internal static Clause NotObservable(string id, string statement, string reason) =>
        NotObservable(id, statement, ClauseDialects.All, reason);

    internal static Clause NotObservable(string id, string statement, ClauseDialects dialects, string reason) =>
        new(id, statement, "", dialects, null, reason);

    private static ClauseDialects Of(Dialect dialect) =>
        dialect.Name == Dialect.FreeBsd.Name ? ClauseDialects.FreeBsd
        : dialect.Name == Dialect.NetBsd.Name ? ClauseDialects.NetBsd
        : dialect.Name == Dialect.OpenBsd.Name ? ClauseDialects.OpenBsd
        : dialect.Name == Dialect.MacOs.Name ? ClauseDialects.MacOs
        : ClauseDialects.None;
}
