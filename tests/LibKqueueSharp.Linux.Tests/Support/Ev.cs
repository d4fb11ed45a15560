namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>Expected events in short.</summary>
internal static class Ev
{
    internal static KEvent Read(int fd, long data, EventFlags flags = 0, uint fflags = 0, nint udata = 0) =>
        new((nuint)fd, EventFilter.Read, flags, fflags, data, udata);

    internal static KEvent Write(int fd, long data, EventFlags flags = 0, uint fflags = 0, nint udata = 0) =>
        new((nuint)fd, EventFilter.Write, flags, fflags, data, udata);

    /// <summary>The same without its data, for buffers whose size is the system's.</summary>
    internal static KEvent WithoutData(KEvent e) => new(e.Ident, e.Filter, e.Flags, e.FFlags, 0, e.UData);

    internal static KEvent[] WithoutData(KEvent[] events) => [.. events.Select(WithoutData)];
}
