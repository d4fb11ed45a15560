using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>A folder that is gone at the end.</summary>
internal sealed class TempDirectory : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("libkqueuesharp-").FullName;

    internal string Path(string name) => System.IO.Path.Combine(_path, name);

    /// <summary>A new file of so many bytes, opened for reading and writing at offset 0.</summary>
    internal Fd File(string name, int bytes)
    {
        System.IO.File.WriteAllBytes(Path(name), new byte[bytes]);
        return Fd.Open(Path(name), OpenFlags.O_RDWR);
    }

    /// <summary>Makes a file longer, through another descriptor.</summary>
    internal void Append(string name, int bytes)
    {
        using Fd fd = Fd.Open(Path(name), OpenFlags.O_WRONLY | OpenFlags.O_APPEND);
        fd.Write(bytes);
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
