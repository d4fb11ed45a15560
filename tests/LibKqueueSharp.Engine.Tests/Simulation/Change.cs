namespace LibKqueueSharp.Engine.Tests.Simulation;

/// <summary>Changes, and the events that are expected of them, in short.</summary>
internal static class Change
{
    internal static KEvent User(
        nuint ident, EventFlags flags = EventFlags.None, UserNotes notes = UserNotes.None, long data = 0, nint udata = 0) =>
        new(ident, EventFilter.User, flags, (uint)notes, data, udata);

    internal static KEvent Trigger(nuint ident, EventFlags flags = EventFlags.None, long data = 0, nint udata = 0) =>
        User(ident, flags, UserNotes.Trigger, data, udata);

    internal static KEvent Timer(
        nuint ident, EventFlags flags = EventFlags.None, long data = 0, TimerNotes notes = TimerNotes.None, nint udata = 0) =>
        new(ident, EventFilter.Timer, flags, (uint)notes, data, udata);

    internal static KEvent Read(
        nuint ident, EventFlags flags = EventFlags.None, uint fflags = 0, long data = 0, nint udata = 0) =>
        new(ident, EventFilter.Read, flags, fflags, data, udata);

    /// <summary>A change that fails with ENOENT in every dialect.</summary>
    internal static KEvent Bad(nuint ident, nint udata = 0) => User(ident, EventFlags.Delete, udata: udata);

    /// <summary>The record of a change.</summary>
    internal static KEvent Record(this KEvent change, Errno error) => change with
    {
        Flags = EventFlags.Error,
        Data = (long)error,
    };
}
