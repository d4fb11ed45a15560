using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace LibKqueueSharp.Windows.Tests;

/// <summary>What Wine cannot show: the test is left out, and says why, unless <c>KQ_ON_WINDOWS</c> is set. docs/windows.md has the list.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
internal sealed class NeedsWindowsAttribute(string why) : NUnitAttribute, IApplyToTest
{
    public void ApplyToTest(Test test)
    {
        if (test.RunState == RunState.NotRunnable || Environment.GetEnvironmentVariable("KQ_ON_WINDOWS") is not null)
            return;
        test.RunState = RunState.Ignored;
        test.Properties.Set(PropertyNames.SkipReason, $"needs Windows, where KQ_ON_WINDOWS turns it on: {why}");
    }
}
