namespace LibKqueueSharp.Windows;

/// <summary>
/// A job object that a watched process was put into, and with it all that it starts from then on: the job tells the queue's port of them. It is made
/// empty for that process, so that Windows can nest it in whatever job the process is in already. Guarded by the queue's lock.
/// </summary>
/// <param name="handle">The job object.</param>
/// <param name="number">Its number in the queue.</param>
/// <param name="root">The process that it is made for.</param>
/// <param name="runs">Whether a process of it is running.</param>
internal sealed class ProcessJob(nint handle, nuint number, nuint root, Predicate<nuint> runs)
{
    internal nint Handle { get; } = handle;

    /// <summary>Which job of the queue it is: no other ever gets that number, and messages of one that was given up mean nothing.</summary>
    internal nuint Number { get; } = number;

    /// <summary>The process that it was made for.</summary>
    internal nuint Root { get; } = root;

    /// <summary>The registrations that need it.</summary>
    internal int Users { get; set; }

    private readonly HashSet<nuint> _members = [];

    /// <summary>
    /// Those whose coming was taken for lost: a thread may just be coming back with it. They have exited; who runs under such a number is another.
    /// </summary>
    private readonly HashSet<nuint> _madeUpFor = [];
    private bool _hasRoot;
    private nuint _left;

    /// <returns>
    /// False for who is in it already or was made up for, and for the one that it was made for, which is told of like those who come later.
    /// </returns>
    internal bool Joined(nuint process)
    {
        if (_madeUpFor.Remove(process) && !runs(process))
            return false;
        bool isNew = _members.Add(process);
        if (process != Root || _hasRoot)
            return isNew;
        _hasRoot = true;
        return false;
    }

    /// <summary>Who was told to have left and never to have come did both.</summary>
    /// <returns>As <see cref="Joined"/>.</returns>
    internal bool MakeUpFor(nuint process)
    {
        _madeUpFor.Remove(process);
        bool isNew = Joined(process);
        Left(process);
        _madeUpFor.Add(process);
        return isNew;
    }

    /// <returns>False for who was never told to have come. One exit may be told in two ways.</returns>
    internal bool Left(nuint process)
    {
        bool known = _members.Remove(process) || process == _left;
        _left = process;
        return known;
    }
}
