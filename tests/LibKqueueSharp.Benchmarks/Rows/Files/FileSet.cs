using LibKqueueSharp.Benchmarks.Native;

namespace LibKqueueSharp.Benchmarks.Rows.Files;

/// <summary>Open files of one folder. The folder stays for the next round, and goes with the process.</summary>
internal sealed unsafe class FileSet : IDisposable
{
    private static readonly Lazy<string> s_folder = new(CreateFolder);

    private readonly int[] _descriptors;

    internal FileSet(int count)
    {
        Paths = [.. Enumerable.Range(0, count).Select(i => Path.Combine(Folder, $"{i:D5}"))];
        _descriptors = [.. Paths.Select(Libc.OpenFile)];
    }

    internal static string Folder => s_folder.Value;

    internal IReadOnlyList<string> Paths { get; }

    internal ReadOnlySpan<int> Descriptors => _descriptors;

    internal int Count => Paths.Count;

    /// <summary>Changes a file's content, not its size.</summary>
    internal void Change(int index)
    {
        byte one = 1;
        if (Libc.WriteAt(_descriptors[index], &one, 1, 0) != 1)
            throw new System.ComponentModel.Win32Exception();
    }

    public void Dispose()
    {
        foreach (int fd in _descriptors)
            Libc.Close(fd);
    }

    private static string CreateFolder()
    {
        string folder = Directory.CreateTempSubdirectory("kq-benchmark-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
