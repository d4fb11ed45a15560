namespace LibKqueueSharp.Benchmarks.Running;

/// <summary>What a contender is there for.</summary>
internal enum Role
{
    /// <summary>The library.</summary>
    Subject,

    /// <summary>The least that the work can cost in C#: system calls, written out by hand.</summary>
    Floor,

    /// <summary>What a .NET program would use instead.</summary>
    Alternative,

    /// <summary>libkqueue, the implementation in C.</summary>
    CLibrary,
}
