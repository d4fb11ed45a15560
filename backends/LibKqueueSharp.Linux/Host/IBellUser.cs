namespace LibKqueueSharp.Linux;

/// <summary>Who is told when a bell has rung: a filter that a host of the backend brings along.</summary>
internal interface IBellUser
{
    /// <summary>One of the descriptors has become readable. Called with the queue's lock held.</summary>
    void Rung();
}
