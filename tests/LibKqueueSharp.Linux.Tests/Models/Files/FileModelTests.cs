using FsCheck;
using FsCheck.Fluent;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests.Models.Files;

/// <summary>Random programs of changes to files, folders and names, on two queues, against a model of EVFILT_VNODE.</summary>
internal sealed class FileModelTests : LinuxFixture
{
    private const int Programs = 400;
    private const int Longest = 60;

    /// <summary>A file and a folder, which are opened, and watched in both queues, more or less.</summary>
    private static readonly byte[] s_prelude = [0, 0, 1, 2, 2, 2, 11, 11, 11, 11, 11];

    [Test]
    public void FilesAndModelAgree()
    {
        ulong seed = Setting("KQ_MODEL_SEED") ?? (ulong)Random.Shared.NextInt64();
        Dialect exact = Dialect.FreeBsd with { VnodeReportsUnasked = false };

        // A user has few inotify instances, and the kernel gives those of closed queues back in its own time: the programs share two.
        TestQueue[] queues = [NewQueue(exact), NewQueue(exact)];
        int played = 0;
        string? problem = null;
        Gen<FileStep> step =
            from kind in Gen.Choose(0, 15)
            from first in Gen.Choose(0, 255)
            from second in Gen.Choose(0, 255)
            select new FileStep((byte)kind, (byte)first, (byte)second);
        Gen<FileStep[]> programs =
            from prelude in Gen.ArrayOf(step, s_prelude.Length)
            from length in Gen.Choose(1, Longest)
            from steps in Gen.ArrayOf(step, length)
            select (FileStep[])[.. prelude.Zip(s_prelude, (s, kind) => s with { Kind = kind }), .. steps];
        Config config = Config.QuickThrowOnFailure
            .WithMaxTest((int)(Setting("KQ_MODEL_PROGRAMS") ?? Programs))
            .WithQuietOnSuccess(true)
            .WithReplay(new Replay(new Rnd(seed), null));
        try
        {
            Check.One(config, Prop.ForAll(Arb.From(programs, Shrink), steps =>
            {
                played += problem is null ? 1 : 0;
                using FileProgram program = new(queues);
                if (program.Play(steps) is not { } found)
                    return true;
                problem = $"{found}\nafter {played} programs; KQ_MODEL_SEED={seed} makes it again.\n\n{program.History}";
                return false;
            }));
        }
        catch (Exception) when (problem is not null)
        {
        }

        Assert.That(problem, Is.Null);
        Assert.That(queues.Select(q => q.Queue.KnoteCount), Is.All.Zero, "what the programs left");
        Assert.That(played, Is.GreaterThanOrEqualTo(config.MaxTest));
    }

    private static IEnumerable<FileStep[]> Shrink(FileStep[] steps)
    {
        for (int size = steps.Length / 2; size > 0; size /= 2)
        {
            for (int at = 0; at + size <= steps.Length; at += size)
                yield return [.. steps.Take(at), .. steps.Skip(at + size)];
        }
    }

    private static ulong? Setting(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), out ulong value) ? value : null;
}
