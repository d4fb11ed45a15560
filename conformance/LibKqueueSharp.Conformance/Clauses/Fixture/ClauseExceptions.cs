namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>The backend does not do what the clause says.</summary>
internal sealed class ClauseFailedException(string message) : Exception(message);

/// <summary>The backend or the system lacks what the clause is about.</summary>
internal sealed class ClauseNotApplicableException(string reason) : Exception(reason);

/// <summary>Nothing here tells whether the clause holds.</summary>
internal sealed class ClauseNotObservableException(string reason) : Exception(reason);
