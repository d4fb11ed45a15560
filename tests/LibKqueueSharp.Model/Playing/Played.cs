using LibKqueueSharp.Conformance.Replay;
using LibKqueueSharp.Model.Programs;

namespace LibKqueueSharp.Model.Playing;

/// <summary>One step as it was played. Times are nanoseconds; on a virtual clock both are exact.</summary>
internal sealed record Played(Step Step, LineAnswer Answer, long Began, long Ended);
