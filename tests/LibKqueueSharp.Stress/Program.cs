using System.CommandLine;
using System.Text.RegularExpressions;
using LibKqueueSharp;
using LibKqueueSharp.Emulation;
using LibKqueueSharp.Stress;
using LibKqueueSharp.Stress.Hazards;

Option<double> seconds = new("--seconds") { Description = "How long each hazard runs with each number of threads.", DefaultValueFactory = _ => 2 };
Option<int[]> threads = new("--threads")
{
    Description = "Numbers of threads.",
    DefaultValueFactory = _ => [2, 4, 16],
    AllowMultipleArgumentsPerToken = true,
};
Option<Regex> match = new("--match")
{
    Description = "Runs the hazards whose names match.",
    CustomParser = result => new Regex(result.Tokens.Single().Value),
    DefaultValueFactory = _ => new Regex(""),
};
Option<int> seed = new("--seed") { Description = "The seed of the random choices.", DefaultValueFactory = _ => Environment.TickCount };
Option<bool> prompt = new("--no-delays") { Description = "No delays at the engine's switch points." };
RootCommand root = new("Races of LibKqueueSharp on Linux, with random delays at the engine's own switch points.")
{
    seconds, threads, match, seed, prompt,
};
root.SetAction(parsed =>
{
    if (!OperatingSystem.IsLinux())
    {
        Console.Error.WriteLine("The stress program runs on Linux.");
        return 1;
    }

    if (!parsed.GetValue(prompt))
        SwitchPoint.Delay = Delays.Random;
    return Run(parsed.GetValue(seconds), parsed.GetValue(threads)!, parsed.GetValue(match)!, parsed.GetValue(seed));
});
return root.Parse(args).Invoke();

static int Run(double seconds, int[] threads, Regex match, int seed)
{
    Hazard[] hazards =
    [
        new ChangeAgainstDelivery(),
        new DeleteAgainstDelivery(),
        new DisableAgainstDelivery(),
        new TriggerAgainstSleep(),
        new CloseAndReuseAgainstWait(),
        new DisposeAgainstEverything(),
        new NestedQueues(),
        new ExactlyOnce(EventFlags.Clear),
        new ExactlyOnce(EventFlags.OneShot),
        new ExactlyOnce(EventFlags.Dispatch),
        new AioAgainstCancelAndDispose(usesIoUring: true),
        new AioAgainstCancelAndDispose(usesIoUring: false),
    ];
    int passed = 0;
    int failed = 0;
    Console.WriteLine($"seed {seed}");
    foreach (Hazard hazard in hazards.Where(h => match.IsMatch(h.Name)))
    {
        foreach (int count in threads)
        {
            Trial trial = new(count, TimeSpan.FromSeconds(seconds), seed);
            string? failure = trial.Run(hazard);
            Console.WriteLine($"{(failure is null ? "passed" : "failed")}  {hazard.Name}, {count} threads: {trial.Done:N0} rounds {failure}");
            passed += failure is null ? 1 : 0;
            failed += failure is null ? 0 : 1;
            if (trial.HasHung)
            {
                // Its threads still run and would disturb what follows.
                Console.WriteLine($"{passed} passed, {failed} failed");
                return 1;
            }
        }
    }

    Console.WriteLine($"{passed} passed, {failed} failed");
    return failed == 0 && passed != 0 ? 0 : 1;
}
