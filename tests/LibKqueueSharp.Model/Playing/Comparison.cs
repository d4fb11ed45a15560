using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using LibKqueueSharp.Model.Programs;
using NUnit.Framework;

namespace LibKqueueSharp.Model.Playing;

/// <summary>
/// Plays generated programs and compares with the model. Each run takes new programs; the seed that makes them again is part of a
/// failure, and <c>KQ_MODEL_SEED</c> sets it. <c>KQ_MODEL_PROGRAMS</c> is the number of programs of each comparison.
/// </summary>
internal static class Comparison
{
    private const string Programs = "KQ_MODEL_PROGRAMS";
    private const string Seed = "KQ_MODEL_SEED";

    /// <summary>Fails with the smallest program found, and the path of its scenario.</summary>
    internal static void Run(
        string name, ProgramGenerator generator, int programs, bool virtualTime, Func<QueueProgram, IEnumerable<Played>> play)
    {
        ulong seed = Setting(Seed) ?? (ulong)Random.Shared.NextInt64();
        int played = 0;
        int failedAt = 0;
        (QueueProgram Program, string Problem)? smallest = null;
        Config config = Config.QuickThrowOnFailure
            .WithMaxTest((int)(Setting(Programs) ?? (ulong)programs))
            .WithQuietOnSuccess(true)
            .WithReplay(new Replay(new Rnd(seed), null));
        try
        {
            Check.One(config, Prop.ForAll(generator.Programs(), program =>
            {
                played++;
                if (Judge(program, virtualTime, play) is not { } problem)
                    return true;
                smallest = (program, problem);
                failedAt = failedAt == 0 ? played : failedAt;
                return false;
            }));
        }
        catch (Exception) when (smallest is not null)
        {
        }

        if (smallest is { } failure)
            Assert.Fail(Describe(name, seed, failedAt, failure.Program, failure.Problem));
        Assert.That(played, Is.GreaterThanOrEqualTo(config.MaxTest));
    }

    /// <summary>What is wrong with the answers to a program, or null.</summary>
    internal static string? Judge(QueueProgram program, bool virtualTime, Func<QueueProgram, IEnumerable<Played>> play)
    {
        Machine.Model model = new(program.Dialect, virtualTime);
        try
        {
            foreach (Played step in play(program))
            {
                if (model.Check(step) is { } problem)
                    return $"{step.Step}: {problem}";
            }
        }
        catch (Exception e)
        {
            return e.ToString();
        }

        return null;
    }

    private static string Describe(string name, ulong seed, int failedAt, QueueProgram program, string problem)
    {
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "model-failures");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{name}_{seed}.scenario");
        File.WriteAllText(path, $"# {problem.ReplaceLineEndings(" / ")}\n{program}");
        return $"{problem}\nafter {failedAt} programs; {Seed}={seed} makes it again.\nkq play --dialect {program.Dialect} {path}\n\n{program}";
    }

    private static ulong? Setting(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out ulong value) ? value : null;
}
