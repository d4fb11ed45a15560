namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>All clauses.</summary>
public static class ClauseCatalog
{
    /// <summary>The sections in their order.</summary>
    public static IReadOnlyList<ClauseGroup> Groups { get; } =
    [
        CreatingQueues.Group,
        QueueAsDescriptor.Group,
        ClosingQueues.Group,
        QueuesAndProcesses.Group,
        ArgumentsOfTheCall.Group,
        ErrorsInTheChangelist.Group,
        Timeouts.Group,
        Interruption.Group,
        Adding.Group,
        ReAdding.Group,
        Modifying.Group,
        Deleting.Group,
        Disabling.Group,
        OneShot.Group,
        Clearing.Group,
        Dispatching.Group,
        Receipts.Group,
        DarwinFlags.Group,
        CollectionOrder.Group,
        Threads.Group,
        ClosingAndReuse.Group,
        QueuesWatchingQueues.Group,
        SocketData.Group,
        EndOfConnections.Group,
        LowWaterMarks.Group,
        ListeningSockets.Group,
        ReadingPipes.Group,
        ReadingFiles.Group,
        ReadingDevices.Group,
        WritingSockets.Group,
        WritingPipes.Group,
        WritingFilesAndDevices.Group,
        EmptyBuffers.Group,
        ExceptionalConditions.Group,
        WatchedFiles.Group,
        ContentsAndAttributes.Group,
        NamesOfFiles.Group,
        Folders.Group,
        UsesOfFiles.Group,
        ExitingProcesses.Group,
        WatchedProcesses.Group,
        ForksAndExecs.Group,
        TrackedChildren.Group,
        ProcessDescriptors.Group,
        Signals.Group,
        Expirations.Group,
        UnitsAndOddPeriods.Group,
        AbsoluteTimes.Group,
        TimerChanges.Group,
        UserTriggers.Group,
        UserValues.Group,
        AsynchronousOperations.Group,
        OtherFilters.Group,
    ];

    /// <summary>The clauses of all sections.</summary>
    public static IReadOnlyList<Clause> All { get; } = [.. Groups.SelectMany(g => g.Clauses)];

    /// <summary>Finds a clause by its id.</summary>
    /// <param name="id">For example <c>CALL-ERR-007</c>.</param>
    /// <returns>The clause, or null.</returns>
    public static Clause? Find(string id) => All.FirstOrDefault(c => c.Id == id);
}
