using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>VNODE on a file and on the directory that it is in.</summary>
internal sealed class ChangedFileAct : Act
{
    public override string Title => "VNODE: a file and its directory";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.Vnode];

    public override void Play(Stage stage)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("kq-demo-");
        try
        {
            Play(stage, directory.FullName);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static void Play(Stage stage, string directory)
    {
        string path = Path.Combine(directory, "notes");
        string newPath = Path.Combine(directory, "notes.old");
        using SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (EventOnlyFile.Open(directory, out SafeFileHandle folder) is var error and not Errno.None)
            throw new DemoException($"{directory} cannot be opened: {error}");
        using SafeFileHandle opened = folder;
        nint notes = stage.Name("file");
        nint entries = stage.Name("directory");
        stage.Queue.AddVnode(file, VnodeNotes.Write | VnodeNotes.Extend | VnodeNotes.Rename | VnodeNotes.Delete, notes);
        stage.Queue.AddVnode(folder, VnodeNotes.Write, entries);

        stage.Tell("append 6 bytes");
        RandomAccess.Write(file, "first\n"u8, 0);
        stage.Expect(EventFilter.Vnode, notes, "it was written to, and is longer", e => Has(e, VnodeNotes.Write | VnodeNotes.Extend));

        stage.Tell("rename it");
        File.Move(path, newPath, overwrite: true);
        stage.Expect(EventFilter.Vnode, entries, "an entry has another name", e => Has(e, VnodeNotes.Write));
        stage.Expect(EventFilter.Vnode, notes, "it was renamed, and is still followed", e => Has(e, VnodeNotes.Rename));

        // Wine, and Windows before 10, keep the name until nobody has the file open.
        if (OperatingSystem.IsWindows())
            return;
        stage.Tell("remove it");
        File.Delete(newPath);
        stage.Expect(EventFilter.Vnode, notes, "its name was removed", e => Has(e, VnodeNotes.Delete));
        stage.Expect(EventFilter.Vnode, entries, "an entry went", e => Has(e, VnodeNotes.Write));
    }

    private static bool Has(in KEvent e, VnodeNotes notes) => ((VnodeNotes)e.FFlags & notes) == notes;
}
