using LibKqueueSharp;
using Microsoft.Win32.SafeHandles;

namespace TailFollow;

/// <summary>One name, and the file that has it, or had it last.</summary>
internal sealed class FollowedFile(Kqueue queue, string path, int index, Stream output)
{
    private const VnodeNotes Appended = VnodeNotes.Write | VnodeNotes.Extend;
    private const VnodeNotes MayBeShorter = VnodeNotes.Attributes;
    private const VnodeNotes NameIsGone = VnodeNotes.Rename | VnodeNotes.Delete | VnodeNotes.Revoke;

    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(50);
    private static readonly byte[] s_buffer = new byte[64 * 1024];
    private static FollowedFile? s_shownLast;

    private SafeFileHandle? _file;
    private long _position;

    /// <summary>Follows from the end on; a file that comes later is shown from its start.</summary>
    public void Start()
    {
        _file = Open();
        if (_file is null)
            LookAgain($"{path} is not there yet");
        else
            _position = RandomAccess.GetLength(_file);
    }

    /// <summary>Something happened to the file, or to the one before it whose event was taken in the same wait.</summary>
    public void Changed(KEvent e)
    {
        if (e.Ident != (nuint)_file!.DangerousGetHandle())
            return;
        ShowNews();
        if (((VnodeNotes)e.FFlags & NameIsGone) != 0)
            LookAgain($"{path} has gone");
    }

    /// <summary>Another file may have the name by now. Until then the old one is still followed: its writer may not have noticed.</summary>
    public void TryReopen()
    {
        if (Open() is not { } fresh)
        {
            LookAgain();
            return;
        }

        if (_file is not null)
        {
            ShowNews();
            _file.Dispose(); // Closing a handle removes its registration.
        }

        (_file, _position) = (fresh, 0);
        Console.Error.WriteLine($"{path} is there");
        ShowNews();
    }

    // Registered before it is read: what is appended in between gives an event.
    private SafeFileHandle? Open()
    {
        if (!File.Exists(path))
            return null;
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            queue.AddVnode(file, Appended | MayBeShorter | NameIsGone, udata: index);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            return null;
        }
    }

    private void LookAgain(string? reason = null)
    {
        if (reason is not null)
            Console.Error.WriteLine(reason);
        queue.AddTimer((nuint)index, s_betweenLooks, EventFlags.OneShot, udata: index);
    }

    private void ShowNews()
    {
        if (RandomAccess.GetLength(_file!) < _position)
        {
            Console.Error.WriteLine($"{path} was truncated");
            _position = 0;
        }

        int count;
        while ((count = RandomAccess.Read(_file!, s_buffer, _position)) > 0)
        {
            ShowNameOnce();
            output.Write(s_buffer.AsSpan(0, count));
            _position += count;
        }

        output.Flush();
    }

    private void ShowNameOnce()
    {
        if (s_shownLast == this)
            return;
        output.Write(System.Text.Encoding.UTF8.GetBytes($"==> {path} <==\n"));
        s_shownLast = this;
    }
}
