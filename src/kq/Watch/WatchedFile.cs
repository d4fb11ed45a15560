using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kq.Watch;

/// <summary>A file or a directory.</summary>
/// <param name="path">Where it is.</param>
/// <param name="notes">What to watch for.</param>
internal sealed class WatchedFile(string path, VnodeNotes notes)
    : Watched(path, new(0, EventFilter.Vnode, EventFlags.Add | EventFlags.Clear, (uint)notes))
{
    private SafeFileHandle? _file;
    private bool _isDirectory;

    public override bool HasIdent => _file is not null;

    public override Errno Open()
    {
        Errno error = EventOnlyFile.Open(Name, out SafeFileHandle file);
        if (error != Errno.None)
            return error;
        _file = file;
        _isDirectory = Directory.Exists(Name);
        Registration = Registration with { Ident = (nuint)file.DangerousGetHandle() };
        return Errno.None;
    }

    public override string MeaningOf(in KEvent e) => _isDirectory ? EventMeaning.OfDirectory(e) : EventMeaning.Of(e);
}
