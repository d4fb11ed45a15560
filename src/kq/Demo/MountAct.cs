using System.ComponentModel;
using System.Diagnostics;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>FS: something is mounted for a moment, if this process may.</summary>
internal sealed class MountAct : Act
{
    public override string Title => "FS: a mount comes and goes";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.FileSystem];

    public override void Play(Stage stage)
    {
        DirectoryInfo place = Directory.CreateTempSubdirectory("kq-demo-");
        bool isMounted = false;
        try
        {
            nint mounts = stage.Name("mounts");
            stage.Queue.Add(1, EventFilter.FileSystem, notes: (uint)(FileSystemNotes.Mount | FileSystemNotes.Unmount), udata: mounts);
            if (Run("mount", "-t", "tmpfs", "-o", "size=64k", "kq-demo", place.FullName) is { } refusal)
                throw new LeftOutException($"EVFILT_FS is served, but mounting takes rights that this process lacks ({refusal})");
            isMounted = true;
            stage.Tell($"mount an empty file system on {place.FullName}");
            stage.Expect(EventFilter.FileSystem, mounts, "something was mounted", e => (e.FFlags & (uint)FileSystemNotes.Mount) != 0);

            if (Run("umount", place.FullName) is { } failure)
                throw new DemoException(failure);
            isMounted = false;
            stage.Tell("unmount it");
            stage.Expect(EventFilter.FileSystem, mounts, "something was unmounted", e => (e.FFlags & (uint)FileSystemNotes.Unmount) != 0);
        }
        finally
        {
            if (isMounted)
                Run("umount", place.FullName);
            place.Delete();
        }
    }

    // What the command complained of, on one line; null when it succeeded.
    private static string? Run(string command, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            string complaint = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : complaint.ReplaceLineEndings(" ").Trim();
        }
        catch (Win32Exception e)
        {
            return e.Message;
        }
    }
}
