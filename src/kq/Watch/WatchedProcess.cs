namespace LibKqueueSharp.Kq.Watch;

/// <summary>A process, and the children that are tracked from it on.</summary>
internal sealed class WatchedProcess : Watched
{
    /// <summary>Watches a process.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="dialect">What notes there are.</param>
    /// <param name="forksAlone">The system tells of forks, and not of execs.</param>
    public WatchedProcess(int process, Dialect dialect, bool forksAlone)
        : base(NameOf((nuint)process), Registering(process, Exits(dialect) | Forks(dialect, forksAlone))) =>
        Lesser = Registering(process, Exits(dialect));

    public override string NameOf(in KEvent e) => NameOf(e.Ident);

    private static string NameOf(nuint process) => $"process {process}";

    private static KEvent Registering(int process, ProcessNotes notes) =>
        new((nuint)process, EventFilter.Process, EventFlags.Add, (uint)notes);

    private static ProcessNotes Exits(Dialect dialect) =>
        ProcessNotes.Exit | (dialect.ProcessStatusNeedsNote ? ProcessNotes.ExitStatus : ProcessNotes.None);

    private static ProcessNotes Forks(Dialect dialect, bool forksAlone) => ProcessNotes.Fork
        | (forksAlone ? ProcessNotes.None : ProcessNotes.Exec)
        | (dialect.ProcessTracking == ProcessTrackingPolicy.Refused ? ProcessNotes.None : ProcessNotes.Track);
}
