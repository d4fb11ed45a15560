namespace LibKqueueSharp.Kernels.Tests;

/// <summary>What tests are run with.</summary>
internal static class Abis
{
    /// <summary>Traits of a kernel that serves every filter that it has a number for, and has all that FreeBSD 14 has.</summary>
    public static KernelTraits Full(KqueueAbi abi) => new KernelTraits
    {
        KeepsUData = abi.Dialect.HasForceOneShotAndKeepUData,
        ForcesOneShot = abi.Dialect.HasForceOneShotAndKeepUData,
        FollowsForks = true,
        TriggersOnAdd = abi.Dialect.UserTriggersOnAdd,
    }.Serving([.. Constants.FilterNames.Keys.Where(abi.Filters.Has)]);

    /// <summary>A translator without a library, for the dialect of the kernel unless another is asked for.</summary>
    public static Translator Translator(KqueueAbi abi, Dialect? dialect = null, KernelTraits? traits = null) =>
        new(abi, null!, traits ?? Full(abi), dialect ?? abi.Dialect);

    /// <summary>A queue over the echo library, which has forgotten the registration of the wake-up.</summary>
    public static BackendQueue Echo(KqueueAbi abi, out EchoLibrary library, Dialect? dialect = null, KernelTraits? traits = null, bool echoes = false)
    {
        library = EchoLibrary.For(abi);
        library.Reset(false);
        BackendQueue queue = new BsdBackend(library.Path, abi, traits ?? Full(abi)).CreateQueue(dialect ?? abi.Dialect);
        library.Reset(echoes);
        return queue;
    }
}
