using LibKqueueSharp.Conformance.Clauses;
using LibKqueueSharp.Conformance.Replay;
using LibKqueueSharp.Kernels;

namespace LibKqueueSharp.Kq.Clauses;

/// <summary>Makes suites of the backends that <c>kq conformance --backend</c> names.</summary>
internal static class ClauseSuites
{
    /// <summary>A backend with its suite. The deviations of an assembly's backend are in <c>deviations</c> beside it.</summary>
    /// <param name="choice">What was asked for.</param>
    /// <param name="exhausts">Whether this process may be left without descriptors.</param>
    /// <exception cref="UsageException">There is no such backend, or its list of deviations is damaged.</exception>
    public static (KqueueBackend Backend, ClauseSuite Suite) Open(BackendChoice choice, bool exhausts)
    {
        string shipped = Path.Combine(AppContext.BaseDirectory, "deviations");
        IScenarioHost CreateHost() => ScenarioHosts.Create(exhausts);
        (string? name, string? whose) = (choice.Name, choice.Deviations);
        try
        {
            if (!BackendLoader.IsAssembly(name))
            {
                KqueueBackend own = choice.Find();
                INumericKevent numeric = own is BsdBackend native ? new KernelByNumber(native) : new CNamesByNumber();
                return (own, new(own, CreateHost, numeric) { Deviations = ClauseDeviations.Load(shipped, whose ?? own.Name) });
            }

            KqueueBackend loaded = BackendLoader.Load(name!);
            string folder = whose is null ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(name!))!, "deviations") : shipped;
            return (loaded, new(loaded, CreateHost) { Deviations = ClauseDeviations.Load(folder, whose ?? loaded.Name) });
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
