using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Windows.Tests.Files;

/// <summary>A folder of a test's own, and what it does there.</summary>
internal sealed class Scratch : IDisposable
{
    private const string NameOfWine = "wine_get_version";
    private const FileShare All = FileShare.ReadWrite | FileShare.Delete;

    private readonly List<SafeFileHandle> _open = [];

    internal static bool IsWine { get; } = NativeLibrary.TryLoad("ntdll", out nint ntdll)
        && NativeLibrary.TryGetExport(ntdll, NameOfWine, out _);

    internal string Root { get; } = Directory.CreateTempSubdirectory("kqueue-windows-").FullName;

    internal string this[string name] => Path.Combine(Root, name);

    internal string Make(string name, int bytes = 9)
    {
        File.WriteAllBytes(this[name], new byte[bytes]);
        return this[name];
    }

    internal SafeFileHandle Open(string name, FileAccess access = FileAccess.Read, FileOptions options = FileOptions.None)
    {
        SafeFileHandle file = File.OpenHandle(this[name], FileMode.OpenOrCreate, access, All, options);
        _open.Add(file);
        return file;
    }

    internal SafeFileHandle OpenFolder(string name)
    {
        SafeFileHandle folder = FolderHandle.Open(this[name]);
        _open.Add(folder);
        return folder;
    }

    internal void Append(string name, int bytes)
    {
        using SafeFileHandle file = File.OpenHandle(this[name], FileMode.Open, FileAccess.Write, All);
        RandomAccess.Write(file, new byte[bytes], RandomAccess.GetLength(file));
    }

    internal void Overwrite(string name)
    {
        using SafeFileHandle file = File.OpenHandle(this[name], FileMode.Open, FileAccess.Write, All);
        RandomAccess.Write(file, "x"u8, 0);
    }

    /// <summary>Removes a name at once, as Windows 10 does. Wine waits until nobody has the file open, so there the system below does it.</summary>
    internal void Remove(string name)
    {
        if (IsWine)
            RunBelow("rm", "-rf", this[name]);
        else if (Directory.Exists(this[name]))
            Directory.Delete(this[name]);
        else
            File.Delete(this[name]);
    }

    /// <summary>Renames a file over another that is open.</summary>
    internal void Replace(string from, string to)
    {
        if (IsWine)
            RunBelow("mv", "-fT", this[from], this[to]);
        else
            File.Move(this[from], this[to], overwrite: true);
    }

    internal void Link(string from, string to) => FolderHandle.Link(this[from], this[to]);

    public void Dispose()
    {
        foreach (SafeFileHandle file in _open)
            file.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    // CreateProcess of Wine 8 leaves the handles of a program of the system below as they were in memory, and who closes them closes somebody else's.
    private static void RunBelow(string program, string option, string gone, string? other = null)
    {
        string[] paths = other is null ? [UnixPath(gone)] : [UnixPath(gone), UnixPath(other)];
        Process.Start(new ProcessStartInfo("start.exe", ["/unix", $"/bin/{program}", option, "--", .. paths]) { UseShellExecute = false })!.Dispose();
        Assert.That(SpinWait.SpinUntil(() => !Path.Exists(gone), TestQueue.Patience), Is.True, $"{gone} was to go");
    }

    // A prefix has a link for each drive.
    private static string UnixPath(string path) =>
        Environment.GetEnvironmentVariable("WINEPREFIX") + "/dosdevices/" + char.ToLowerInvariant(path[0]) + ":" + path[2..].Replace('\\', '/');
}
