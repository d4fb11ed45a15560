using LibKqueueSharp.Linux.Tests.Limits;
using LibKqueueSharp.Linux.Tests.Mounts;
using LibKqueueSharp.Linux.Tests.Signals;
using LibKqueueSharp.Linux.Tests.Support;
using LibKqueueSharp.Linux.Tests.SystemCalls;
using Microsoft.Testing.Platform.Builder;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>Runs the tests; with <c>--system-calls</c> it is the child whose system calls are counted, with <c>--signal-test</c> one that gets signals,
/// with <c>--mount-test</c> one that mounts, with <c>--limit-test</c> one that sets limits,
/// with <c>--without-descriptors</c> one that has none left.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is [Scenarios.Argument])
            return Scenarios.Run();
        if (args is [SignalChild.Argument, string type, string test])
            return SignalChild.Run(type, test);
        if (args is [MountChild.Argument, string mountTest])
            return MountChild.Run(mountTest);
        if (args is [LimitChild.Argument, string limitTest])
            return LimitChild.Run(limitTest);
        if (args is [NoDescriptors.Argument, string emptyType, string emptyTest])
            return NoDescriptors.Run(emptyType, emptyTest);
        ITestApplicationBuilder builder = await TestApplication.CreateBuilderAsync(args);
        builder.AddSelfRegisteredExtensions(args);
        using ITestApplication application = await builder.BuildAsync();
        return await application.RunAsync();
    }
}
