using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>open(2) and the calls on paths.</summary>
internal sealed class PosixFiles(PosixDescriptorTable table) : IFileCalls, IDisposable
{
    private const string Root = "/t";
    private const FilePermissions FileMode = FilePermissions.S_IRUSR | FilePermissions.S_IWUSR | FilePermissions.S_IRGRP | FilePermissions.S_IROTH;
    private const FilePermissions DirectoryMode = FilePermissions.ACCESSPERMS;

    private string? _folder;

    public HostAnswer Open(string path, HostOpenMode mode) => table.Adopt(Syscall.open(Place(path), ToFlags(mode), FileMode));

    public HostAnswer Make(string path, int count)
    {
        HostAnswer written = WriteOnce(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC, count, writesNothing: count == 0);
        return written.Succeeded ? HostAnswer.Success() : written;
    }

    public HostAnswer Append(string path, int count) => WriteOnce(path, OpenFlags.O_WRONLY | OpenFlags.O_APPEND, count);

    public HostAnswer Overwrite(string path, int count) => WriteOnce(path, OpenFlags.O_WRONLY, count);

    public HostAnswer Unlink(string path) => PosixDescriptorTable.Answer(Syscall.unlink(Place(path)));

    public HostAnswer Rename(string from, string to) => PosixDescriptorTable.Answer(Stdlib.rename(Place(from), Place(to)));

    public HostAnswer Link(string from, string to) => PosixDescriptorTable.Answer(Syscall.link(Place(from), Place(to)));

    public HostAnswer SymbolicLink(string target, string path) => PosixDescriptorTable.Answer(Syscall.symlink(Place(target), Place(path)));

    public HostAnswer MakeDirectory(string path) => PosixDescriptorTable.Answer(Syscall.mkdir(Place(path), DirectoryMode));

    public HostAnswer RemoveDirectory(string path) => PosixDescriptorTable.Answer(Syscall.rmdir(Place(path)));

    public HostAnswer MakeFifo(string path) => PosixDescriptorTable.Answer(Syscall.mkfifo(Place(path), FileMode));

    public HostAnswer ChangeMode(string path, int mode) =>
        PosixDescriptorTable.Answer(Syscall.chmod(Place(path), NativeConvert.ToFilePermissions((uint)mode)));

    public HostAnswer Truncate(string path, long size) => PosixDescriptorTable.Answer(Syscall.truncate(Place(path), size));

    public HostAnswer Truncate(long descriptor, long size) => table.On(descriptor, d => Syscall.ftruncate(d, size));

    public HostAnswer Touch(string path) => PosixDescriptorTable.Answer(Syscall.utimes(Place(path), null));

    public HostAnswer Revoke(string path)
    {
        const string Missing = "this system has no revoke(2)";
        try
        {
            if (Posix.Revoke(Place(path)) == 0)
                return HostAnswer.Success();
            HostAnswer error = PosixDescriptorTable.Failure(Marshal.GetLastPInvokeError());
            return error.Error == "ENOSYS" ? HostAnswer.NotSupported(Missing) : error;
        }
        catch (EntryPointNotFoundException)
        {
            return HostAnswer.NotSupported(Missing);
        }
    }

    public HostAnswer Synchronize(long descriptor) => table.On(descriptor, Fsync);

    public HostAnswer Seek(long descriptor, long offset, SeekOrigin origin) => table.On(
        descriptor,
        d => Syscall.lseek(d, offset, origin switch
        {
            SeekOrigin.Begin => SeekFlags.SEEK_SET,
            SeekOrigin.Current => SeekFlags.SEEK_CUR,
            _ => SeekFlags.SEEK_END,
        }));

    public void Dispose()
    {
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Where a path of a scenario lies.</summary>
    internal string Place(string path)
    {
        if (path != Root && !path.StartsWith(Root + "/", StringComparison.Ordinal))
            return path;
        _folder ??= Directory.CreateTempSubdirectory("kqueue-scenario-").FullName;
        return _folder + path[Root.Length..];
    }

    private static long Fsync(int descriptor) => Syscall.fsync(descriptor);

    private static OpenFlags ToFlags(HostOpenMode mode)
    {
        OpenFlags flags = OpenFlags.O_NONBLOCK;
        flags |= (mode & HostOpenMode.ReadWrite) != 0 ? OpenFlags.O_RDWR
            : (mode & HostOpenMode.WriteOnly) != 0 ? OpenFlags.O_WRONLY
            : OpenFlags.O_RDONLY;
        if ((mode & HostOpenMode.Append) != 0)
            flags |= OpenFlags.O_APPEND;
        if ((mode & HostOpenMode.Create) != 0)
            flags |= OpenFlags.O_CREAT;
        if ((mode & HostOpenMode.Truncate) != 0)
            flags |= OpenFlags.O_TRUNC;
        if ((mode & HostOpenMode.Exclusive) != 0)
            flags |= OpenFlags.O_EXCL;
        return flags;
    }

    private HostAnswer WriteOnce(string path, OpenFlags flags, int count, bool writesNothing = false)
    {
        int descriptor = Syscall.open(Place(path), flags, FileMode);
        if (descriptor < 0)
            return PosixDescriptorTable.LastError();
        HostAnswer written = writesNothing
            ? HostAnswer.Success()
            : PosixDescriptorTable.Answer(PosixDescriptors.WriteBytes(descriptor, count));
        int closed = Syscall.close(descriptor);
        return closed < 0 ? PosixDescriptorTable.LastError() : written;
    }
}
