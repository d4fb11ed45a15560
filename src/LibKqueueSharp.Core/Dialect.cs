namespace LibKqueueSharp;

/// <summary>
/// The system whose behaviour a queue follows where the BSDs differ: one named policy for each difference that an
/// emulation can honour. The default is <see cref="FreeBsd"/>. A dialect of one's own is made with <c>with</c>.
/// Immutable; shared freely between threads.
/// </summary>
public sealed record Dialect
{
    /// <summary>FreeBSD 13 to 15: the default.</summary>
    public static Dialect FreeBsd { get; } = new() { Name = "freebsd" };

    /// <summary>NetBSD, as recorded from 7.99.34.</summary>
    public static Dialect NetBsd { get; } = new()
    {
        Name = "netbsd",
        EchoActions = true,
        FilterZero = FilterZeroPolicy.Read,
        EnableWithDisable = EnableWithDisablePolicy.Enables,
        AddWithDelete = AddWithDeletePolicy.Add,
        OnlyAddModifies = true,
        EnableReevaluates = false,
        ClearOutranksDispatch = true,
        HasForceOneShotAndKeepUData = false,
        PipeWriterEof = PipeWriterEofPolicy.Stays,
        PipeWithoutReader = Errno.EBADF,
        QueueWrite = Errno.EPERM,
        RegularFileWrite = FileWritePolicy.Refused,
        DeviceWithoutPoll = DevicePolicy.Ready,
        ProcessZombieIsWatched = false,
        ProcessExitIsAlwaysReported = true,
        TimerPeriodZero = TimerZeroPolicy.Refused,
        TimerOneShotZeroIsRefused = true,
        TimerNegative = TimerNegativePolicy.Never,
        TimerUnitsAreANumber = true,
        TimerOverflow = Errno.EINVAL,
        TimerAddRestarts = false,
        TimerAddFailsLate = false,
        UserOneShotReportsStored = true,
        VnodeMove = VnodeMovePolicy.ExtendsTarget,
        AioAdd = Errno.EINVAL,
    };

    /// <summary>OpenBSD, as recorded from 5.1 and read from 7.x.</summary>
    public static Dialect OpenBsd { get; } = new()
    {
        Name = "openbsd",
        EchoActions = true,
        FilterZero = FilterZeroPolicy.Refused,
        EnableWithDisable = EnableWithDisablePolicy.Enables,
        AddWithDelete = AddWithDeletePolicy.Add,
        OnlyAddModifies = true,
        EnableReevaluates = false,
        NegativeCountIsError = false,
        InvalidTimeoutIsRefusedFirst = true,
        HasForceOneShotAndKeepUData = false,
        PipeWriterEof = PipeWriterEofPolicy.Stays,
        PipeWrongEndReportsEof = true,
        DeviceWithoutPoll = DevicePolicy.Ready,
        ReportsEndOfFile = true,
        ExceptEof = ExceptEofPolicy.Pipes,
        ProcessZombieIsWatched = false,
        ProcessExitIsAlwaysReported = true,
        ProcessTracking = ProcessTrackingPolicy.OneEntry,
        TimerNegative = TimerNegativePolicy.Immediate,
        TimerUnitsAreANumber = true,
        TimerAddFailsLate = false,
        UserTriggersOnAdd = true,
        UserCreation = UserCreationPolicy.Masked,
        UserOneShotReportsStored = true,
        VnodeHasUseNotes = false,
        VnodeHasTruncate = true,
        VnodeMove = VnodeMovePolicy.Writes,
        AioAdd = Errno.EINVAL,
    };

    /// <summary>macOS, as far as its source tells; no recording exists.</summary>
    public static Dialect MacOs { get; } = new()
    {
        Name = "macos",
        EchoActions = true,
        RecordsEchoChange = true,
        FilterZero = FilterZeroPolicy.Refused,
        EnableWithDisable = EnableWithDisablePolicy.Disables,
        AddWithDelete = AddWithDeletePolicy.DeleteOnly,
        NegativeCountIsError = false,
        InvalidTimeoutIsRefusedFirst = true,
        ReceiptsWithoutRoomContinue = true,
        ClosedDescriptorNeedsAdd = true,
        HasForceOneShotAndKeepUData = false,
        PipeWriterEof = PipeWriterEofPolicy.Stays,
        PipeWithoutReader = Errno.None,
        PipeWrongEndReportsEof = true,
        PipesHonourLowWater = true,
        RegularFileWrite = FileWritePolicy.ReadyWithOne,
        DirectoryRead = false,
        DeviceWithoutPoll = DevicePolicy.ReadyWithLowWater,
        ExceptEof = ExceptEofPolicy.Sockets,
        ProcessZombieIsWatched = false,
        ProcessStatusNeedsNote = true,
        ProcessTracking = ProcessTrackingPolicy.Refused,
        TimerPeriodZero = TimerZeroPolicy.Once,
        TimerNegative = TimerNegativePolicy.Immediate,
        TimerUnknownNotesAreIgnored = true,
        TimerOverflow = Errno.ERANGE,
        TimerAddFailsLate = false,
        TimerAbsoluteIsOneShot = true,
        TimerKindIsFixed = true,
        UserTriggersOnAdd = true,
        UserClearUntriggers = false,
        UserOneShotReportsStored = true,
        FileSystemReportsAllToNone = true,
        VnodeHasUseNotes = false,
        VnodeUnlinkPostsLink = true,
        VnodeMove = VnodeMovePolicy.Links,
        AioAdd = Errno.ENOTSUP,
        AioIsOneShot = true,
    };

    /// <summary>The four dialects.</summary>
    public static IReadOnlyList<Dialect> All { get; } = [FreeBsd, NetBsd, OpenBsd, MacOs];

    /// <summary>Finds a dialect by its name.</summary>
    /// <param name="name">For example <c>freebsd</c>; case does not matter.</param>
    /// <returns>The dialect, or null.</returns>
    public static Dialect? Find(string name) =>
        All.FirstOrDefault(d => string.Equals(d.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The dialect's name in small letters.</summary>
    public required string Name { get; init; }

    /// <summary>Events show EV_ADD and the other actions of the first EV_ADD (CORE-ADD-022).</summary>
    public bool EchoActions { get; init; }

    /// <summary>A record keeps the flags and fflags of its change beside EV_ERROR (CALL-ERR-002, CALL-ERR-009).</summary>
    public bool RecordsEchoChange { get; init; }

    /// <summary>What a change with filter 0 does (CALL-ERR-011).</summary>
    public FilterZeroPolicy FilterZero { get; init; } = FilterZeroPolicy.Ignored;

    /// <summary>What EV_ENABLE with EV_DISABLE does (CALL-ERR-015).</summary>
    public EnableWithDisablePolicy EnableWithDisable { get; init; } = EnableWithDisablePolicy.Refused;

    /// <summary>What EV_ADD with EV_DELETE does (CALL-ERR-016).</summary>
    public AddWithDeletePolicy AddWithDelete { get; init; } = AddWithDeletePolicy.AddOrDelete;

    /// <summary>Only EV_ADD rewrites notes, data and udata of a registration (CORE-MOD-001, CORE-MOD-002).</summary>
    public bool OnlyAddModifies { get; init; }

    /// <summary>EV_ENABLE and plain modifications look at the object again (CORE-MOD-003, CORE-MOD-004).</summary>
    public bool EnableReevaluates { get; init; } = true;

    /// <summary>EV_CLEAR together with EV_DISPATCH resets, but does not disable (CORE-DSP-004).</summary>
    public bool ClearOutranksDispatch { get; init; }

    /// <summary>A negative count is EINVAL, for changes before and for events after the changes are applied (CALL-NCH-002, CALL-NEV-004).</summary>
    public bool NegativeCountIsError { get; init; } = true;

    /// <summary>An invalid timeout is refused before the changes are applied, and also without room for events (CALL-TMO-008, CALL-TMO-009).</summary>
    public bool InvalidTimeoutIsRefusedFirst { get; init; }

    /// <summary>Changes are applied although their receipts find no room (CORE-RCP-005).</summary>
    public bool ReceiptsWithoutRoomContinue { get; init; }

    /// <summary>A change that does not add reports ENOENT, not EBADF, for a closed descriptor (CALL-ERR-018).</summary>
    public bool ClosedDescriptorNeedsAdd { get; init; }

    /// <summary>EV_FORCEONESHOT and EV_KEEPUDATA mean something (CORE-FORCE-001, CORE-KEEP-001).</summary>
    public bool HasForceOneShotAndKeepUData { get; init; } = true;

    /// <summary>What becomes of a pipe's WRITE registration when the reader closes (WRITE-PIPE-003).</summary>
    public PipeWriterEofPolicy PipeWriterEof { get; init; } = PipeWriterEofPolicy.OneShot;

    /// <summary>The errno of WRITE on a pipe whose reader has gone; None accepts it (WRITE-PIPE-004).</summary>
    public Errno PipeWithoutReader { get; init; } = Errno.EPIPE;

    /// <summary>A filter on the wrong end of a pipe reports EV_EOF when the other end was closed (READ-PIPE-003, WRITE-PIPE-005).</summary>
    public bool PipeWrongEndReportsEof { get; init; }

    /// <summary>NOTE_LOWAT counts on pipes (READ-PIPE-LOWAT-001, WRITE-PIPE-LOWAT-001).</summary>
    public bool PipesHonourLowWater { get; init; }

    /// <summary>The errno of a filter other than READ on a queue (NEST-002).</summary>
    public Errno QueueWrite { get; init; } = Errno.EINVAL;

    /// <summary>What WRITE on a regular file does (WRITE-FILE-001).</summary>
    public FileWritePolicy RegularFileWrite { get; init; } = FileWritePolicy.ReadyWithZero;

    /// <summary>READ on a directory is accepted (READ-DIR-001).</summary>
    public bool DirectoryRead { get; init; } = true;

    /// <summary>READ that fires at end of file because it was asked to says so in fflags (NOTE_EOF, READ-FILE-008).</summary>
    public bool ReportsEndOfFile { get; init; }

    /// <summary>Where EXCEPT reports EV_EOF (EXC-003, EXC-006).</summary>
    public ExceptEofPolicy ExceptEof { get; init; }

    /// <summary>What a filter on a device that cannot be polled does (READ-DEV-001 to READ-DEV-003).</summary>
    public DevicePolicy DeviceWithoutPoll { get; init; }

    /// <summary>A process that has exited and was not waited for can be registered with NOTE_EXIT; otherwise ESRCH (PROC-010).</summary>
    public bool ProcessZombieIsWatched { get; init; } = true;

    /// <summary>An exit is reported although NOTE_EXIT was not asked for; otherwise it removes the registration silently (PROC-017).</summary>
    public bool ProcessExitIsAlwaysReported { get; init; }

    /// <summary>The wait status is told only to those who ask for it with NOTE_EXITSTATUS (PROC-003, PROC-004).</summary>
    public bool ProcessStatusNeedsNote { get; init; }

    /// <summary>How NOTE_TRACK reports a new child (PROC-TRACK-003).</summary>
    public ProcessTrackingPolicy ProcessTracking { get; init; } = ProcessTrackingPolicy.TwoEntries;

    /// <summary>What a periodic timer with data 0 does (TIMER-ZERO-001).</summary>
    public TimerZeroPolicy TimerPeriodZero { get; init; } = TimerZeroPolicy.OneUnit;

    /// <summary>A one-shot timer with data 0 is EINVAL (TIMER-ZERO-002).</summary>
    public bool TimerOneShotZeroIsRefused { get; init; }

    /// <summary>What a timer with negative data does (TIMER-NEG-001).</summary>
    public TimerNegativePolicy TimerNegative { get; init; } = TimerNegativePolicy.Refused;

    /// <summary>
    /// The unit is a number and not a set of bits: several unit notes are taken together as one of them instead of
    /// being refused (TIMER-UNIT-003).
    /// </summary>
    public bool TimerUnitsAreANumber { get; init; }

    /// <summary>Unknown notes of a timer are ignored instead of refused (TIMER-UNIT-004).</summary>
    public bool TimerUnknownNotesAreIgnored { get; init; }

    /// <summary>The errno of a time too long to be counted; None makes it very long (TIMER-BIG-001).</summary>
    public Errno TimerOverflow { get; init; }

    /// <summary>A second EV_ADD restarts a timer with the new period (TIMER-READD-001).</summary>
    public bool TimerAddRestarts { get; init; } = true;

    /// <summary>A second EV_ADD with bad values succeeds, and an event with EV_ERROR follows (TIMER-READD-002).</summary>
    public bool TimerAddFailsLate { get; init; } = true;

    /// <summary>An absolute timer is removed once it fired; otherwise it stays and repeats (TIMER-ABS-004).</summary>
    public bool TimerAbsoluteIsOneShot { get; init; }

    /// <summary>A second EV_ADD that makes a relative timer absolute, or the reverse, is EINVAL (TIMER-ABS-006).</summary>
    public bool TimerKindIsFixed { get; init; }

    /// <summary>NOTE_TRIGGER in the EV_ADD that creates a user event triggers it (USER-003).</summary>
    public bool UserTriggersOnAdd { get; init; }

    /// <summary>EV_CLEAR in a change to a user event withdraws its trigger (USER-009).</summary>
    public bool UserClearUntriggers { get; init; } = true;

    /// <summary>What becomes of the fflags of the EV_ADD that creates a user event (USER-FF-007).</summary>
    public UserCreationPolicy UserCreation { get; init; } = UserCreationPolicy.Raw;

    /// <summary>A one-shot user event carries its stored flags and data; otherwise 0 and 0 (USER-ONE-002).</summary>
    public bool UserOneShotReportsStored { get; init; }

    /// <summary>NOTE_OPEN, NOTE_CLOSE, NOTE_CLOSE_WRITE and NOTE_READ exist (VNODE-OPEN-001, VNODE-CLOSE-001, VNODE-READ-001).</summary>
    public bool VnodeHasUseNotes { get; init; } = true;

    /// <summary>NOTE_TRUNCATE exists (VNODE-TRUNC-001).</summary>
    public bool VnodeHasTruncate { get; init; }

    /// <summary>Removing a name posts NOTE_LINK together with NOTE_DELETE (VNODE-LINK-003).</summary>
    public bool VnodeUnlinkPostsLink { get; init; }

    /// <summary>
    /// A note that was not asked for is reported when the system posts it together with one that was, for example
    /// NOTE_EXTEND with NOTE_WRITE (trace vnode_oneshot_dispatch).
    /// </summary>
    public bool VnodeReportsUnasked { get; init; } = true;

    /// <summary>What the folders report when an entry moves from one to another (VNODE-DIR-004).</summary>
    public VnodeMovePolicy VnodeMove { get; init; }

    /// <summary>What EV_ADD of EVFILT_AIO through kevent gives (AIO-006).</summary>
    public Errno AioAdd { get; init; } = Errno.EPERM;

    /// <summary>The event of an operation has EV_CLEAR and EV_ONESHOT, whatever was asked for (AIO-010).</summary>
    public bool AioIsOneShot { get; init; }

    /// <summary>EVFILT_FS without a note reports every one; otherwise none (FS-002).</summary>
    public bool FileSystemReportsAllToNone { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
