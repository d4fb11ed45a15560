namespace LibKqueueSharp.Benchmarks.Running;

/// <summary>What a contender is there for.</summary>
internal enum Role
{
    /// <summary>The library.</summary>
    Subject,

    /// <summary>The least that the work can cost in C#: system calls, written out by hand.</summary>
    Floor,

    /// <summary>The floor with the call that finds out what an event reports as data.</summary>
    CountingFloor,

    /// <summary>What a .NET program would use instead.</summary>
    Alternative,

    /// <summary>libkqueue, the implementation in C.</summary>
    CLibrary,
}
