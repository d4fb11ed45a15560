using System.Runtime.Versioning;
using LibKqueueSharp.Conformance.Clauses;
using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Kq.Clauses;

/// <summary>Makes suites of the backends that <c>kq conformance --backend</c> names.</summary>
internal static class ClauseSuites
{
    /// <summary>A backend with its suite. The deviations of an assembly's backend are in <c>deviations</c> beside it.</summary>
    /// <param name="name">The backend's name, or the path of its assembly; null for this system's.</param>
    /// <exception cref="UsageException">There is no such backend, or its list of deviations is damaged.</exception>
    /// <exception cref="PlatformNotSupportedException">Clauses cannot be checked on this system.</exception>
    public static (KqueueBackend Backend, ClauseSuite Suite) Open(string? name)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("clauses are checked with POSIX calls, which Windows lacks");
        if (!BackendLoader.IsAssembly(name))
        {
            KqueueBackend own = BackendLoader.Find(name);
            return (own, new(own, NewHost, new CNamesByNumber()));
        }

        KqueueBackend loaded = BackendLoader.Load(name!);
        string folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(name!))!, "deviations");
        try
        {
            return (loaded, new(loaded, NewHost) { Deviations = ClauseDeviations.Load(folder, loaded.Name) });
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static PosixHost NewHost() => new();
}
