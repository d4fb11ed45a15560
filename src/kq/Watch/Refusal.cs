using System.Runtime.InteropServices;
using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Kq.Watch;

/// <summary>A registration that the system refused.</summary>
/// <param name="Watched">What was to be watched.</param>
/// <param name="Change">The change that was refused.</param>
/// <param name="Error">Why.</param>
/// <param name="Explanation">What lies behind it, if the backend tells.</param>
internal sealed record Refusal(Watched Watched, KEvent Change, Errno Error, string? Explanation)
{
    /// <summary>The change that asks for less and was taken instead.</summary>
    public KEvent? Instead { get; init; }

    /// <summary>Why, in words; those of Windows are of other numbers.</summary>
    public string Reason => Explanation ?? (OperatingSystem.IsWindows() ? "Windows says no more" : Marshal.GetPInvokeErrorMessage((int)Error));

    /// <summary>The refusal on one line.</summary>
    public override string ToString()
    {
        EventAnswer names = EventAnswer.Of(Change, Watched.Name);
        string flags = string.Join('|', names.Flags.Concat(names.Notes));
        string instead = Instead is { } lesser ? $"; watched for {string.Join(" and ", EventAnswer.Of(lesser, Watched.Name).Notes)} alone" : "";
        return $"refused with {Error}: {names.Filter} of {Watched.Name} ({flags}, data {Change.Data}); {Reason}{instead}";
    }
}
