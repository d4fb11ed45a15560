using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Files and directories of Windows, opened so that others may do anything with them meanwhile, as on BSD.</summary>
internal sealed class WindowsFiles(FileTable table) : IFileCalls, IDisposable
{
    private const string Root = "/t";
    private const int AnyWrite = 0x92;
    private const int ErrorMask = 0xFFFF;
    private const FileShare All = FileShare.ReadWrite | FileShare.Delete;

    private string? _folder;

    public HostAnswer Open(string path, HostOpenMode mode)
    {
        bool appends = (mode & HostOpenMode.Append) != 0;
        uint access = (mode & HostOpenMode.ReadWrite) != 0 ? WindowsFileCalls.GenericRead | WindowsFileCalls.GenericWrite
            : (mode & HostOpenMode.WriteOnly) != 0 ? WindowsFileCalls.GenericWrite
            : WindowsFileCalls.GenericRead;
        bool truncates = (mode & HostOpenMode.Truncate) != 0;
        uint disposition = (mode & HostOpenMode.Create) == 0 ? truncates ? WindowsFileCalls.TruncateExisting : WindowsFileCalls.OpenExisting
            : (mode & HostOpenMode.Exclusive) != 0 ? WindowsFileCalls.CreateNew
            : truncates ? WindowsFileCalls.CreateAlways
            : WindowsFileCalls.OpenAlways;
        table.Touch();
        return table.Adopt(
            WindowsFileCalls.CreateFile(
                Place(path), access, WindowsFileCalls.ShareAll, 0, disposition, WindowsFileCalls.BackupSemantics, 0), appends);
    }

    public HostAnswer Make(string path, int count) => Try(() => Write(path, FileMode.Create, 0, count));

    public HostAnswer Append(string path, int count) => Try(() => Write(path, FileMode.Open, null, count), count);

    public HostAnswer Overwrite(string path, int count) => Try(() => Write(path, FileMode.Open, 0, count), count);

    public HostAnswer Unlink(string path)
    {
        string place = Place(path);
        return File.Exists(place) ? Try(() => WineHost.Delete(place)) : HostAnswer.Failure("ENOENT");
    }

    public HostAnswer Rename(string from, string to)
    {
        (string source, string target) = (Place(from), Place(to));
        if (!Directory.Exists(source))
            return Try(() => WineHost.Move(source, target));
        return Directory.Exists(target)
            ? HostAnswer.NotSupported("Windows renames no directory over another")
            : Try(() => Directory.Move(source, target));
    }

    public HostAnswer Link(string from, string to)
    {
        table.Touch();
        return WindowsFileCalls.CreateHardLink(Place(to), Place(from), 0) != 0 ? HostAnswer.Success() : FileTable.LastError();
    }

    public HostAnswer SymbolicLink(string target, string path) => HostAnswer.NotSupported("symbolic links of Windows need a privilege");

    public HostAnswer MakeDirectory(string path) => Try(() => Directory.CreateDirectory(Place(path)));

    public HostAnswer RemoveDirectory(string path)
    {
        string place = Place(path);
        return Directory.Exists(place) ? Try(() => WineHost.Delete(place)) : HostAnswer.Failure("ENOENT");
    }

    public HostAnswer ChangeMode(string path, int mode) =>
        Try(() => File.SetAttributes(Place(path), (mode & AnyWrite) != 0 ? FileAttributes.Normal : FileAttributes.ReadOnly));

    public HostAnswer Truncate(string path, long size) => Try(() =>
    {
        using SafeFileHandle file = File.OpenHandle(Place(path), FileMode.Open, FileAccess.Write, All);
        RandomAccess.SetLength(file, size);
    });

    public HostAnswer Truncate(long descriptor, long size) => On(descriptor, file => RandomAccess.SetLength(file, size));

    public HostAnswer Touch(string path) => Try(() => File.SetLastWriteTimeUtc(Place(path), DateTime.UtcNow));

    public HostAnswer Revoke(string path) => HostAnswer.NotSupported("Windows has no revoke(2)");

    public HostAnswer Synchronize(long descriptor) => On(descriptor, RandomAccess.FlushToDisk);

    public HostAnswer Seek(long descriptor, long offset, SeekOrigin origin) => table.Seek(descriptor, offset, origin);

    public void Dispose()
    {
        if (_folder is null)
            return;
        foreach (string file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
            File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(_folder, recursive: true);
    }

    private string Place(string path)
    {
        if (path != Root && !path.StartsWith(Root + "/", StringComparison.Ordinal))
            return path;
        _folder ??= Directory.CreateTempSubdirectory("kqueue-scenario-").FullName;
        return _folder + path[Root.Length..].Replace('/', '\\');
    }

    private void Write(string path, FileMode mode, long? offset, int count)
    {
        using SafeFileHandle file = File.OpenHandle(Place(path), mode, FileAccess.Write, All);
        RandomAccess.Write(file, new byte[count], offset ?? RandomAccess.GetLength(file));
    }

    private HostAnswer On(long descriptor, Action<SafeFileHandle> call)
    {
        if (!table.Has(descriptor))
            return HostAnswer.Failure("EBADF");
        using SafeFileHandle file = new((nint)descriptor, ownsHandle: false);
        return Try(() => call(file));
    }

    private HostAnswer Try(Action call, long value = 0) => Try(() =>
    {
        call();
        return HostAnswer.Success(value);
    });

    private HostAnswer Try(Func<HostAnswer> call)
    {
        table.Touch();
        try
        {
            return call();
        }
        catch (UnauthorizedAccessException)
        {
            return HostAnswer.Failure("EACCES");
        }
        catch (IOException e)
        {
            return HostAnswer.Failure(FileTable.Name(e.HResult & ErrorMask));
        }
        finally
        {
            table.Touch();
        }
    }
}
