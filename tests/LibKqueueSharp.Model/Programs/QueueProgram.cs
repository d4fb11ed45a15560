namespace LibKqueueSharp.Model.Programs;

/// <summary>A program on one queue: what FsCheck generates, and what a scenario file holds.</summary>
internal sealed record QueueProgram(Dialect Dialect, IReadOnlyList<Step> Steps)
{
    /// <summary>The scenario. The first line makes the queue.</summary>
    internal string ToScenario() => string.Join('\n', (string[])[$"kq {Step.Queue}", .. Steps.Select(s => s.ToString()), ""]);

    /// <summary>
    /// The program without the steps that make no sense, as shrinking leaves some: what is used is open, what is opened is not.
    /// A number that was closed is not used, also not by a change put aside before: anything in this process may have got it since. Nor does
    /// a file get a number again that it had: nothing tells the two apart (deviation <c>reopened-file</c>).
    /// </summary>
    internal QueueProgram Sensible()
    {
        Dictionary<string, int> open = [];
        HashSet<int> hadMore = [];
        HashSet<string> aside = [];
        bool asideFinds = false;
        List<Step> sensible = [];
        int files = 0;
        foreach (Step step in Steps)
        {
            if (!step.Uses.All(open.ContainsKey) || step.Opens.Except(step.Closes).Any(open.ContainsKey) || step.Closes.Any(aside.Contains))
                continue;
            string? source = step switch { DupStep dup => dup.Of, Dup2Step dup => dup.Of, _ => null };
            if (source is not null && (hadMore.Contains(open[source]) || (step.Closes is [var target] && open[target] == open[source])))
                continue;
            int? shared = source is null ? null : open[source];

            // Whether a closed number's registration is found (deviation stale-enable) shows in the answer of a call with one change only.
            bool finds = step is PutStep { Change: { IsOnDescriptor: true } late } && !late.Has(EventFlags.Add | EventFlags.Delete);
            if ((finds && hadMore.Count > 0) || (asideFinds && step.Closes.Length > 0))
                continue;
            asideFinds = (asideFinds || finds) && step is not CallStep;
            if (step is CallStep)
                aside.Clear();
            else if (step is PutStep put)
                aside.Add(put.Change.Ident);

            foreach (string name in step.Closes)
            {
                hadMore.Add(open[name]);
                open.Remove(name);
            }

            foreach (string name in step.Opens)
                open[name] = shared ?? files++;
            sensible.Add(step);
        }

        return this with { Steps = sensible };
    }

    public override string ToString() => $"# dialect {Dialect}\n{ToScenario()}";
}
