namespace LibKqueueSharp.Benchmarks.Running;

/// <summary>
/// One way to do the work of a row. It is made anew for each round, with descriptors of its own, so that no descriptor is in
/// two sets at once, and so that many rounds see many layouts of the kernel's memory.
/// </summary>
internal abstract class Contender : IDisposable
{
    /// <summary><see cref="Run"/> is asked for a multiple of this.</summary>
    internal virtual int Grain => 1;

    /// <summary>How many operations can follow each other before <see cref="Reset"/> is due.</summary>
    internal virtual int Batch => int.MaxValue;

    /// <summary>How many operations make a sample, where time does not decide.</summary>
    internal virtual int? Operations => null;

    /// <summary>Does once, untimed, what only the first time costs.</summary>
    internal virtual void Prime()
    {
    }

    /// <summary>Does the work.</summary>
    internal abstract void Run(int operations);

    /// <summary>Undoes a batch, untimed.</summary>
    internal virtual void Reset()
    {
    }

    /// <summary>What a sample says, in the unit of the row.</summary>
    internal virtual double Value(double nanoseconds, int operations) => nanoseconds / operations;

    public virtual void Dispose()
    {
    }
}
