namespace LibKqueueSharp;

/// <summary>
/// The flags of a change and of an event, with FreeBSD's values. The low half are actions and attributes that a
/// change gives; <see cref="Error"/> and <see cref="Eof"/> are results that only an event carries and that are
/// ignored in a change (CALL-ERR-014).
/// </summary>
[Flags]
public enum EventFlags : ushort
{
    /// <summary>No action: modifies an existing registration (CORE-MOD-001).</summary>
    None = 0,

    /// <summary>
    /// Registers (ident, filter), or rewrites the notes, data and udata of what is registered already. Attributes
    /// (<see cref="OneShot"/>, <see cref="Clear"/>, <see cref="Dispatch"/>) are fixed by the first
    /// <see cref="Add"/>, and a disabled registration stays disabled (CORE-ADD-010, CORE-ADD-015).
    /// </summary>
    Add = 0x0001,

    /// <summary>Removes the registration; a queued event goes with it (CORE-DEL-002).</summary>
    Delete = 0x0002,

    /// <summary>Lets a disabled registration deliver again.</summary>
    Enable = 0x0004,

    /// <summary>Keeps the registration, but delivers nothing until <see cref="Enable"/> (CORE-DIS-001).</summary>
    Disable = 0x0008,

    /// <summary>The first event removes the registration (CORE-ONE-001).</summary>
    OneShot = 0x0010,

    /// <summary>Each event resets the state: the next one needs new activity ("edge", CORE-CLR-001).</summary>
    Clear = 0x0020,

    /// <summary>
    /// The change is answered by a record with <see cref="Error"/> and data 0; the call then takes no events
    /// (CORE-RCP-001, CORE-RCP-003).
    /// </summary>
    Receipt = 0x0040,

    /// <summary>Each event disables the registration (CORE-DSP-001).</summary>
    Dispatch = 0x0080,

    /// <summary>Makes an existing registration one-shot and delivers it at once (FreeBSD, CORE-FORCE-001).</summary>
    ForceOneShot = 0x0100,

    /// <summary>A modification leaves udata as it was (FreeBSD 14, CORE-KEEP-001).</summary>
    KeepUData = 0x0200,

    /// <summary>In a record: data is the errno of the change, 0 for a receipt (CALL-ERR-001).</summary>
    Error = 0x4000,

    /// <summary>In an event: the other side is gone, or the process ended (READ-EOF-001).</summary>
    Eof = 0x8000,
}
