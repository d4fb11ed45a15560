namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Compares the two answers to one line.</summary>
internal sealed class LineComparer(IReadOnlyList<ComparisonRule> rules)
{
    /// <summary>What is different, or null.</summary>
    public string? Compare(LinePair line)
    {
        LineAnswer expected = line.Expected;
        LineAnswer answered = line.Answered;
        if (!expected.IsSameExceptEvents(answered))
            return rules.Any(r => r.AllowsAnswer(line)) ? null : $"{Outcome(answered)} instead of {Outcome(expected)}";
        return expected.Events is null ? null : CompareEvents(line, expected.Events, answered.Events!);
    }

    public void Observe(LinePair line)
    {
        foreach (ComparisonRule rule in rules)
            rule.Observe(line);
    }

    private static string Outcome(LineAnswer answer) =>
        answer.Error ?? (answer.Events is { } events ? $"{events.Count} events" : $"{answer.Return ?? answer.Result ?? answer.Pending}");

    private string? CompareEvents(LinePair line, IReadOnlyList<EventAnswer> expected, IReadOnlyList<EventAnswer> answered)
    {
        List<string> problems = [];
        int[] places = Pair(expected, answered);
        for (int i = 0; i < expected.Count; i++)
        {
            if (places[i] >= 0)
                CompareEvent(line, expected[i], answered[places[i]], problems);
            else if (!rules.Any(r => r.AllowsMissing(line, expected[i])))
                problems.Add($"{Title(expected[i])} is missing");
        }

        for (int i = 0; i < answered.Count; i++)
        {
            if (!places.Contains(i) && !rules.Any(r => r.AllowsExtra(line, answered[i])))
                problems.Add($"{Title(answered[i])} is too much");
        }

        CompareOrder(line, expected, places, problems);
        return problems.Count == 0 ? null : string.Join("; ", problems);
    }

    /// <summary>For each expected event, the place of the answered event that belongs to it, or -1.</summary>
    private static int[] Pair(IReadOnlyList<EventAnswer> expected, IReadOnlyList<EventAnswer> answered)
    {
        int[] places = new int[expected.Count];
        bool[] taken = new bool[answered.Count];
        for (int i = 0; i < expected.Count; i++)
        {
            places[i] = -1;
            for (int j = 0; j < answered.Count && places[i] < 0; j++)
            {
                if (taken[j] || !expected[i].IsSameRegistration(answered[j]) || IsRecord(expected[i]) != IsRecord(answered[j]))
                    continue;
                taken[j] = true;
                places[i] = j;
            }
        }

        return places;
    }

    private void CompareEvent(LinePair line, EventAnswer expected, EventAnswer answered, List<string> problems)
    {
        string title = Title(expected);
        if (!expected.Flags.SetEquals(answered.Flags) && !rules.Any(r => r.AllowsFlags(expected, answered)))
            problems.Add($"{title}: flags are {Join(answered.Flags)} instead of {Join(expected.Flags)}");
        if (!expected.Notes.SetEquals(answered.Notes))
            problems.Add($"{title}: fflags are {Join(answered.Notes)} instead of {Join(expected.Notes)}");
        if (expected.Data != answered.Data && !rules.Any(r => r.AllowsData(line, expected, answered)))
            problems.Add($"{title}: data is {answered.Data} instead of {expected.Data}");
        if (expected.UData != answered.UData)
            problems.Add($"{title}: udata is {answered.UData} instead of {expected.UData}");
    }

    private void CompareOrder(LinePair line, IReadOnlyList<EventAnswer> expected, int[] places, List<string> problems)
    {
        for (int i = 0; i < places.Length; i++)
        {
            for (int j = i + 1; j < places.Length; j++)
            {
                if (places[i] < 0 || places[j] < 0 || places[i] < places[j])
                    continue;
                if (!rules.Any(r => r.AllowsOrder(line, expected[i], expected[j])))
                    problems.Add($"{Title(expected[j])} comes before {Title(expected[i])}");
            }
        }
    }

    private static bool IsRecord(EventAnswer e) => e.Flags.Contains("EV_ERROR");

    private static string Title(EventAnswer e) => $"{e.Ident} {e.Filter}";

    private static string Join(IReadOnlySet<string> names) => names.Count == 0 ? "0" : string.Join('|', names);
}
