using System.Reflection;
using LibKqueueSharp.Linux.Tests.Mounts;

namespace LibKqueueSharp.Linux.Tests.Limits;

/// <summary>What happens at the limits of inotify.</summary>
internal sealed class LimitTests
{
    private static IEnumerable<string> Scenarios => typeof(LimitScenarios).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Select(m => m.Name);

    [TestCaseSource(nameof(Scenarios))]
    public void Holds(string scenario)
    {
        (int exit, string errors) = MountChild.Execute("unshare", "-r", "sh", "-c", "cat /proc/sys/user/max_inotify_watches > /proc/sys/user/max_inotify_watches");
        if (exit != 0)
            Assert.Inconclusive($"limits of its own are not to be had: {errors}");
        (exit, errors) = MountChild.Execute("unshare", ["-r", .. LimitChild.Command, scenario]);
        Assert.That(exit, Is.Zero, errors);
    }
}
