namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Files: the Windows backend watches none yet.</summary>
internal sealed class WindowsFiles : IFileCalls
{
    private static readonly HostAnswer s_none = HostAnswer.NotSupported("the host for Windows has no files yet");

    public HostAnswer Open(string path, HostOpenMode mode) => s_none;

    public HostAnswer Make(string path, int count) => s_none;

    public HostAnswer Append(string path, int count) => s_none;

    public HostAnswer Overwrite(string path, int count) => s_none;

    public HostAnswer Unlink(string path) => s_none;

    public HostAnswer Rename(string from, string to) => s_none;

    public HostAnswer Link(string from, string to) => s_none;

    public HostAnswer SymbolicLink(string target, string path) => s_none;

    public HostAnswer MakeDirectory(string path) => s_none;

    public HostAnswer RemoveDirectory(string path) => s_none;

    public HostAnswer ChangeMode(string path, int mode) => s_none;

    public HostAnswer Truncate(string path, long size) => s_none;

    public HostAnswer Truncate(long descriptor, long size) => s_none;

    public HostAnswer Touch(string path) => s_none;

    public HostAnswer Revoke(string path) => s_none;

    public HostAnswer Synchronize(long descriptor) => s_none;

    public HostAnswer Seek(long descriptor, long offset, SeekOrigin origin) => s_none;
}
