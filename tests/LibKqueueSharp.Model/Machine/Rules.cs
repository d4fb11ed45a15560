namespace LibKqueueSharp.Model.Machine;

/// <summary>Where the systems differ, in the words of the clauses; not the engine's policies.</summary>
internal sealed record Rules
{
    /// <summary>CORE-ADD-022: the actions of a change are not seen in events.</summary>
    internal bool HidesActions { get; init; }

    /// <summary>CALL-ERR-002, CORE-RCP-002: a record shows the flags and fflags of the change.</summary>
    internal bool RecordsEcho { get; init; }

    /// <summary>CALL-ERR-011: what a change of filter 0 is; null where it is skipped.</summary>
    internal EventFilter? FilterZero { get; init; }

    /// <summary>CALL-ERR-015: EV_ENABLE with EV_DISABLE leaves it enabled (true), disabled (false), or is refused.</summary>
    internal bool? EnableAndDisable { get; init; }

    /// <summary>CALL-ERR-016: whether EV_ADD with EV_DELETE deletes what is there.</summary>
    internal bool AddAndDeleteDeletes { get; init; }

    /// <summary>CALL-ERR-016: whether EV_ADD with EV_DELETE adds what is not there.</summary>
    internal bool AddAndDeleteAdds { get; init; } = true;

    /// <summary>CORE-KEEP-001, CORE-FORCE-001.</summary>
    internal bool KnowsForceAndKeep { get; init; }

    /// <summary>CORE-MOD-001, CORE-MOD-004: a change without EV_ADD overwrites and evaluates; else EVFILT_USER alone reacts.</summary>
    internal bool EveryChangeModifies { get; init; }

    /// <summary>CORE-DSP-004: EV_CLEAR is looked at first, and then EV_DISPATCH does nothing.</summary>
    internal bool ClearHidesDispatch { get; init; }

    /// <summary>CORE-RCP-005: without room for a receipt the changelist goes on.</summary>
    internal bool ReceiptsNeedNoRoom { get; init; }

    /// <summary>CALL-ERR-018: without EV_ADD the registration is looked for before the descriptor.</summary>
    internal bool RegistrationComesFirst { get; init; }

    /// <summary>TIMER-READD-001: EV_ADD restarts a timer.</summary>
    internal bool AddRestartsTimer { get; init; } = true;

    /// <summary>USER-003.</summary>
    internal bool CreationTriggers { get; init; }

    /// <summary>USER-FF-007: the low 24 bits of the creating fflags are stored.</summary>
    internal bool CreationMasksNotes { get; init; }

    /// <summary>USER-009.</summary>
    internal bool ClearUntriggers { get; init; } = true;

    /// <summary>USER-ONE-002: a one-shot user event carries neither fflags nor data.</summary>
    internal bool OneShotUserIsBare { get; init; }

    /// <summary>WRITE-PIPE-003: the registration is one-shot once the reader has gone.</summary>
    internal bool WriterEofIsOneShot { get; init; }

    /// <summary>WRITE-PIPE-004: the errno of a registration after that.</summary>
    internal Errno WithoutReader { get; init; } = Errno.EPIPE;

    /// <summary>READ-PIPE-003, WRITE-PIPE-005: the wrong end of a pipe reports that the other has gone.</summary>
    internal bool WrongEndEnds { get; init; }

    /// <summary>WRITE-FILE-001, and findings 15: the errno, or what data says.</summary>
    internal Errno FileWriteError { get; init; }

    internal long FileWriteData { get; init; }

    /// <summary>READ-PIPE-LOWAT-001.</summary>
    internal bool PipeLowWater { get; init; }

    internal static Rules Of(Dialect dialect) => dialect.Name switch
    {
        "freebsd" => new()
        {
            HidesActions = true,
            AddAndDeleteDeletes = true,
            KnowsForceAndKeep = true,
            EveryChangeModifies = true,
            OneShotUserIsBare = true,
            WriterEofIsOneShot = true,
        },
        "netbsd" => new()
        {
            FilterZero = EventFilter.Read,
            EnableAndDisable = true,
            ClearHidesDispatch = true,
            AddRestartsTimer = false,
            WithoutReader = Errno.EBADF,
            FileWriteError = Errno.EINVAL,
        },
        "openbsd" => new()
        {
            FilterZero = 0,
            EnableAndDisable = true,
            WrongEndEnds = true,
            CreationTriggers = true,
            CreationMasksNotes = true,
        },
        "macos" => new()
        {
            RecordsEcho = true,
            FilterZero = 0,
            EnableAndDisable = false,
            AddAndDeleteDeletes = true,
            AddAndDeleteAdds = false,
            EveryChangeModifies = true,
            ReceiptsNeedNoRoom = true,
            RegistrationComesFirst = true,
            CreationTriggers = true,
            ClearUntriggers = false,
            WithoutReader = Errno.None,
            FileWriteData = 1,
            PipeLowWater = true,
            WrongEndEnds = true,
        },
        _ => throw new ArgumentException($"no rules for {dialect}"),
    };
}
