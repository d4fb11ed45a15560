namespace LibKqueueSharp.Kq.Watch;

/// <summary>What events mean, in words that follow their data.</summary>
internal static class EventMeaning
{
    public static string Of(in KEvent e) => e.Filter switch
    {
        _ when e.IsRecord => "is the error of the registration",
        EventFilter.Read when e is { IsEof: true, Data: > 0 } => "wait to be read, then comes the end" + Error(e),
        EventFilter.Read when e.IsEof => "wait: the end" + Error(e),
        EventFilter.Read => "wait to be read",
        EventFilter.Write when e.IsEof => "bytes of room, but nobody reads any more" + Error(e),
        EventFilter.Write => "bytes of room",
        EventFilter.Timer => e.Data == 1 ? "period is over" : "periods are over",
        _ => "",
    };

    private static string Error(in KEvent e) => e.FFlags == 0 ? "" : $", with the error {(Errno)(int)e.FFlags}";
}
