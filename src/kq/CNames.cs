using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Kq;

/// <summary>Names as C writes them.</summary>
internal static class CNames
{
    /// <summary>The name of a filter, for example <c>EVFILT_READ</c>.</summary>
    /// <param name="filter">The filter.</param>
    public static string Of(EventFilter filter) => EventAnswer.Of(new KEvent(0, filter, EventFlags.None), "").Filter;

    /// <summary>The names of filters, for a sentence.</summary>
    /// <param name="filters">The filters.</param>
    public static string Of(IEnumerable<EventFilter> filters) => string.Join(" and ", filters.Select(Of));
}
