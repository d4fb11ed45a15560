namespace LibKqueueSharp.Conformance.Clauses;

internal static class Watch
{
    public const uint Changes = NOTE_DELETE | NOTE_WRITE | NOTE_EXTEND | NOTE_ATTRIB | NOTE_LINK | NOTE_RENAME;

    public static Descriptor File(ClauseTest t, out string path, uint notes)
    {
        path = t.NewFile(bytes: 9);
        Descriptor file = t.Open(path);
        t.Add(file, EVFILT_VNODE, EV_CLEAR, notes);
        return file;
    }

    public static Descriptor Folder(ClauseTest t, out string path, uint notes = Changes)
    {
        path = t.NewPath();
        t.Must("mkdir()", t.Host.Files.MakeDirectory(path));
        Descriptor folder = t.Open(path);
        t.Add(folder, EVFILT_VNODE, EV_CLEAR, notes);
        return folder;
    }
}
