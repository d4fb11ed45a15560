using System.Reflection;
using LibKqueueSharp.Kernels;

namespace LibKqueueSharp.Kq;

/// <summary>Finds the backend that <c>--backend</c> names.</summary>
internal static class BackendLoader
{
    /// <summary>The name of the native backend.</summary>
    public const string Native = "bsd";

    private const string Extension = ".dll";

    /// <summary>This system's backend.</summary>
    /// <param name="name">Its name; null for whatever there is.</param>
    /// <exception cref="UsageException">There is no such backend.</exception>
    public static KqueueBackend Find(string? name)
    {
        KqueueBackend backend = Kqueue.DefaultBackend;
        return name is null || name == backend.Name ? backend : throw new UsageException(
            $"there is no backend {name} here; there is {backend.Name}{(name == Native ? ", and bsd with --library and --abi" : "")}");
    }

    /// <summary>The native backend over a C library.</summary>
    /// <param name="library">Its name or path; null for the system's own.</param>
    /// <param name="abi">The name of its ABI; null for this system's.</param>
    /// <exception cref="UsageException">The library cannot be used, or its ABI is not known.</exception>
    public static KqueueBackend OpenNative(string? library, string? abi)
    {
        KqueueAbi found = (abi is null ? null : KqueueAbi.Find(abi))
            ?? throw new UsageException($"--library needs --abi; there are {string.Join(", ", KqueueAbi.All)}");
        try
        {
            // A path that names a file is that file; dlopen(3) would look for a bare name elsewhere.
            BsdBackend backend = new(File.Exists(library) ? Path.GetFullPath(library) : library, found);
            _ = backend.Capabilities;
            return backend;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new UsageException($"{library ?? "the C library"} cannot be used: {e.Message}");
        }
    }

    /// <summary>True when a name is that of an assembly.</summary>
    /// <param name="name">The name.</param>
    public static bool IsAssembly(string? name) => name?.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Creates the one public backend of an assembly.</summary>
    /// <param name="path">The assembly; what it needs lies beside it.</param>
    /// <exception cref="UsageException">It is no assembly, it has no such backend or several, or its backend cannot be created.</exception>
    public static KqueueBackend Load(string path)
    {
        Type[] types;
        try
        {
            types = Assembly.LoadFrom(Path.GetFullPath(path)).GetExportedTypes();
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException)
        {
            throw new UsageException($"{path} cannot be loaded: {e.Message}");
        }

        Type[] backends = [.. types.Where(t => t.IsSubclassOf(typeof(KqueueBackend)) && !t.IsAbstract && t.GetConstructor([]) is not null)];
        if (backends.Length != 1)
            throw new UsageException($"{path} must have one public {nameof(KqueueBackend)} with a constructor without parameters; it has {Names(backends)}");
        return Create(backends[0]);
    }

    private static KqueueBackend Create(Type type)
    {
        try
        {
            return (KqueueBackend)Activator.CreateInstance(type)!;
        }
        catch (TargetInvocationException e)
        {
            throw new UsageException($"{type.FullName} cannot be created: {e.InnerException!.Message}");
        }
    }

    private static string Names(Type[] types) => types.Length == 0 ? "none" : string.Join(", ", types.Select(t => t.FullName));
}
