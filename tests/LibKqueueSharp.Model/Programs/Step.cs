namespace LibKqueueSharp.Model.Programs;

/// <summary>One step of a program. Its text is what a scenario says for it; the answer of the last line counts.</summary>
internal abstract record Step
{
    /// <summary>The queue of every program.</summary>
    internal const string Queue = "k";

    /// <summary>The names that must be open before it.</summary>
    internal virtual string[] Uses => [];

    /// <summary>The names that it opens, which must not be open.</summary>
    internal virtual string[] Opens => [];

    /// <summary>The names whose numbers it closes.</summary>
    internal virtual string[] Closes => [];
}

/// <summary>A change in a call of its own.</summary>
internal sealed record AddStep(Change Change) : Step
{
    internal override string[] Uses => Change.IsOnDescriptor ? [Change.Ident] : [];

    public override string ToString() => $"add {Queue} {Change}";
}

/// <summary>A change for the next <see cref="CallStep"/>.</summary>
internal sealed record PutStep(Change Change) : Step
{
    internal override string[] Uses => Change.IsOnDescriptor ? [Change.Ident] : [];

    public override string ToString() => $"queue {Queue} {Change}";
}

/// <summary>kevent with the changes that were put aside.</summary>
internal sealed record CallStep(int Max, int Milliseconds) : Step
{
    public override string ToString() => $"kevent {Queue} max={Max} timeout={Milliseconds}ms";
}

internal sealed record SleepStep(int Milliseconds) : Step
{
    public override string ToString() => $"sleep {Milliseconds}ms";
}

internal sealed record PipeStep(string Name) : Step
{
    internal override string[] Opens => [Name + ".r", Name + ".w"];

    public override string ToString() => $"pipe {Name}";
}

internal sealed record PairStep(string Name) : Step
{
    internal override string[] Opens => [Name + ".a", Name + ".b"];

    public override string ToString() => $"socketpair {Name}";
}

internal sealed record FileStep(string Name, int Size) : Step
{
    internal override string[] Opens => [Name];

    public override string ToString() => $"mkfile {Path(Name)} {Size}\nopen {Name} {Path(Name)} rdwr";

    internal static string Path(string name) => "/t/" + name;
}

internal sealed record WriteStep(string Name, int Count) : Step
{
    internal override string[] Uses => [Name];

    public override string ToString() => $"write {Name} {Count}";
}

internal sealed record ReadStep(string Name, int Count) : Step
{
    internal override string[] Uses => [Name];

    public override string ToString() => $"read {Name} {Count}";
}

internal sealed record DrainStep(string Name) : Step
{
    internal override string[] Uses => [Name];

    public override string ToString() => $"drain {Name}";
}

internal sealed record FillStep(string Name) : Step
{
    internal override string[] Uses => [Name];

    public override string ToString() => $"fill {Name}";
}

internal sealed record SeekStep(string Name, int Offset) : Step
{
    internal override string[] Uses => [Name];

    public override string ToString() => $"seek {Name} {Offset}";
}

/// <summary>The size of a file, changed through its path: <see cref="Count"/> bytes more, or a new size.</summary>
internal sealed record AppendStep(string Name, int Count) : Step
{
    internal override string[] Uses => [Name];

    public override string ToString() => $"append {FileStep.Path(Name)} {Count}";
}

internal sealed record TruncateStep(string Name, int Size) : Step
{
    internal override string[] Uses => [Name];

    public override string ToString() => $"truncate {FileStep.Path(Name)} {Size}";
}

/// <summary>No more writing through this end.</summary>
internal sealed record ShutdownStep(string Name) : Step
{
    internal override string[] Uses => [Name];

    public override string ToString() => $"shutdown {Name} wr";
}

/// <summary>Another number of an open file.</summary>
internal sealed record DupStep(string Name, string Of) : Step
{
    internal override string[] Uses => [Of];

    internal override string[] Opens => [Name];

    public override string ToString() => $"dup {Name} {Of}";
}

/// <summary>A number that is closed, and stands for another open file at once.</summary>
internal sealed record Dup2Step(string Name, string Of) : Step
{
    internal override string[] Uses => [Name, Of];

    internal override string[] Closes => [Name];

    internal override string[] Opens => [Name];

    public override string ToString() => $"drain {Name}\ndup2 {Of} {Name}";
}

/// <summary>What is closed is emptied first: Linux tells the peer of a socket that was not, and BSD does not.</summary>
internal sealed record CloseStep(string Name) : Step
{
    internal override string[] Uses => [Name];

    internal override string[] Closes => [Name];

    public override string ToString() => $"drain {Name}\nclose {Name}";
}
