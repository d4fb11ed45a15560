using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Models.Files;

/// <summary>One step of a program: which, and two operands, of which each step takes what it can use.</summary>
internal readonly record struct FileStep(byte Kind, byte First, byte Second);

/// <summary>Plays steps on files and on two queues, and beside it on the model. A step that makes no sense is left out.</summary>
internal sealed class FileProgram : IDisposable
{
    private const int FirstNumber = 700;
    private const int Numbers = 4;
    private const FilePermissions Mode = FilePermissions.S_IRUSR | FilePermissions.S_IWUSR;

    private static readonly string[] s_files = ["a/x", "a/y", "b/x"];
    private static readonly string[] s_folders = ["a/s", "a/t", "b/s"];
    private static readonly string[] s_opened = ["a/x", "a/s", "a", "a/x", "a/s", "b", "a/y", "b/x", "a/t", "b/s"];

    private static readonly EventFlags[] s_flags = [EventFlags.Clear, EventFlags.Clear, EventFlags.None, EventFlags.OneShot, EventFlags.Dispatch];

    private readonly TempDirectory _temp = new();
    private readonly TestQueue[] _queues;
    private readonly ModelWatcher[] _watchers = [new(), new()];
    private readonly ModelTree _tree;
    private readonly (Fd Fd, ModelNode Node, object Open, bool Writes)?[] _open = new (Fd, ModelNode, object, bool)?[Numbers];
    private readonly HashSet<(int Slot, ModelNode Node)> _closed = [];
    private readonly List<string> _done = [];

    /// <param name="queues">Two queues without registrations; they are left so. Their dialect reports what was asked for, and no more.</param>
    internal FileProgram(TestQueue[] queues)
    {
        _queues = queues;
        _tree = new ModelTree
        {
            Happens = (node, what) =>
            {
                foreach (ModelWatcher watcher in _watchers)
                    watcher.Happens(node, what);
            },
        };
        Directory.CreateDirectory(_temp.Path("a"));
        Directory.CreateDirectory(_temp.Path("b"));
    }

    internal string History => string.Join('\n', _done);

    /// <summary>What is wrong, or null.</summary>
    internal string? Play(IEnumerable<FileStep> steps)
    {
        foreach (FileStep step in steps)
        {
            if (Do(step) is { } problem)
                return problem;
        }

        return Poll(0) ?? Poll(1);
    }

    public void Dispose()
    {
        foreach (TestQueue queue in _queues)
        {
            for (int number = FirstNumber; number < FirstNumber + Numbers; number++)
            {
                queue.TryDelete(number, EventFilter.Vnode);
                queue.TryDelete(number, EventFilter.Read);
            }
        }

        foreach ((Fd Fd, ModelNode, object, bool)? open in _open)
            open?.Fd.Dispose();
        _temp.Dispose();
    }

    private string? Do(FileStep step)
    {
        string file = s_files[step.First % s_files.Length];
        string folder = s_folders[step.First % s_folders.Length];
        switch (step.Kind % 16)
        {
            case 0 when _tree[file] is null:
                Did($"make {file}", File.WriteAllBytes, file, []);
                _tree.Make(file, folder: false);
                break;
            case 0 or 1 when _tree[folder] is null:
                Done($"mkdir {folder}", Syscall.mkdir(_temp.Path(folder), Mode | FilePermissions.S_IXUSR));
                _tree.Make(folder, folder: true);
                break;
            case 1 or 2:
                Open(s_opened[step.First % s_opened.Length], step.Second % Numbers, (step.Second & 64) != 0);
                break;
            case 3:
                Close(step.First % Numbers);
                break;
            case 4 when _open[step.First % Numbers] is { Writes: true } written:
                Done($"write {step.First % Numbers}", written.Fd.TryWrite(new byte[1 + step.Second % 3]) > 0 ? 0 : -1);
                Syscall.fstat(written.Fd, out Stat status);
                _tree.Resize(written.Node, status.st_size);
                break;
            case 5 when _tree[file] is { } truncated:
                Done($"truncate {file} {step.Second % 4}", Syscall.truncate(_temp.Path(file), step.Second % 4));
                _tree.Resize(truncated, step.Second % 4);
                break;
            case 6 when _open[step.First % Numbers] is { } open:
                uint mode = (step.Second & 1) != 0 ? 0x1C0u : 0x180u | (open.Node.IsFolder ? 0x40u : 0u);
                Done($"chmod {step.First % Numbers} {mode:x}", Syscall.fchmod(open.Fd, (FilePermissions)mode));
                _tree.ChangeMode(open.Node, mode);
                break;
            case 7 when _tree[file] is not null && s_files[step.Second % s_files.Length] is var second && _tree[second] is null:
                Done($"link {file} {second}", Syscall.link(_temp.Path(file), _temp.Path(second)));
                _tree.AddName(file, second);
                break;
            case 8 when _tree[file] is not null:
                Done($"unlink {file}", Syscall.unlink(_temp.Path(file)));
                _tree.Remove(file);
                break;
            case 9 when _tree[file] is not null:
                Move(file, s_files[step.Second % s_files.Length]);
                break;
            case 10 when _tree[folder] is not null && (step.Second & 1) != 0:
                Move(folder, s_folders[step.Second / 2 % s_folders.Length]);
                break;
            case 10 when _tree[folder] is not null:
                Done($"rmdir {folder}", Syscall.rmdir(_temp.Path(folder)));
                _tree.Remove(folder);
                break;
            case 11 or 12 when _open[step.First % Numbers] is { } watched:
                Watch(step.Second & 1, step.First % Numbers, watched.Node, step.Second >> 1);
                break;
            case 13:
                Change(step.Second & 1, step.First % Numbers, step.Second >> 1);
                break;
            case 14 or 15:
                return Poll(step.First & 1);
        }

        return null;
    }

    private void Open(string name, int slot, bool duplicate)
    {
        if (duplicate && _open[slot] is { } first && Array.IndexOf(_open, null) is >= 0 and var free && !IsKnown(free, first.Node))
        {
            Done($"dup {slot} {free}", 0);
            _open[free] = first with { Fd = first.Fd.Duplicate().MoveTo(FirstNumber + free) };
            return;
        }

        if (_tree[name] is not { } node || _open[slot] is not null || IsKnown(slot, node))
            return;
        Done($"open {slot} {name}", 0);
        _tree.Uses(node, VnodeNotes.Open);
        Fd fd = Fd.Open(_temp.Path(name), node.IsFolder ? OpenFlags.O_RDONLY : OpenFlags.O_RDWR).MoveTo(FirstNumber + slot);
        _open[slot] = (fd, node, new object(), !node.IsFolder);
    }

    /// <summary>Deviation <c>reopened-file</c>.</summary>
    private bool IsKnown(int slot, ModelNode node) => _closed.Contains((slot, node));

    private void Close(int slot)
    {
        if (_open[slot] is not { } open)
            return;
        Done($"close {slot}", 0);
        _open[slot] = null;
        _closed.Add((slot, open.Node));
        if (!_open.Any(o => o?.Open == open.Open))
            _tree.Uses(open.Node, open.Writes ? VnodeNotes.CloseWrite : VnodeNotes.Close);
        foreach (ModelWatcher watcher in _watchers)
            watcher.Closed(FirstNumber + slot);
        open.Fd.Dispose();
    }

    private void Move(string name, string to)
    {
        Done($"rename {name} {to}", Syscall.rename(_temp.Path(name), _temp.Path(to)));
        _tree.Move(name, to);
    }

    private void Watch(int queue, int slot, ModelNode node, int choice)
    {
        VnodeNotes notes = NotesOf(choice);
        EventFlags flags = s_flags[choice % s_flags.Length];
        if (choice % 4 == 0)
        {
            Done($"read {queue} {slot}", 0);
            _queues[queue].AddRead(FirstNumber + slot, EventFlags.Clear);
            _watchers[queue].Look();
            return;
        }

        Done($"add {queue} {slot} {notes} {flags}", 0);
        _queues[queue].Add(FirstNumber + slot, EventFilter.Vnode, flags, (uint)notes);
        _watchers[queue].Add(FirstNumber + slot, node, notes, flags);
    }

    private void Change(int queue, int slot, int choice)
    {
        int number = FirstNumber + slot;
        if (!_watchers[queue].Has(number))
            return;
        EventFlags flags = (choice % 3) switch { 0 => EventFlags.Delete, 1 => EventFlags.Disable, _ => EventFlags.Enable };
        Done($"{flags} {queue} {slot}", 0);
        _queues[queue].Apply(new KEvent((nuint)number, EventFilter.Vnode, flags, (uint)_watchers[queue].NotesOf(number), 0, 0));
        if (flags == EventFlags.Delete)
            _watchers[queue].Delete(number);
        else
            _watchers[queue].Enable(number, flags == EventFlags.Enable);
    }

    private string? Poll(int queue)
    {
        Done($"poll {queue}", 0);
        return _watchers[queue].Check(_queues[queue].Poll().Where(e => e.Filter == EventFilter.Vnode && !IsOfARemovedFile(queue, (int)e.Ident)));
    }

    /// <summary>Deviation <c>reopened-file</c>: two files that were removed, of which the second got the number and may have the inode number of the first.</summary>
    private bool IsOfARemovedFile(int queue, int number) =>
        !_watchers[queue].Has(number)
        && _open[number - FirstNumber] is { Node: { IsFolder: false, Names: 0 } }
        && _closed.Any(c => c.Slot == number - FirstNumber && c.Node is { IsFolder: false, Names: 0 });

    /// <summary>All notes, or some of them.</summary>
    private static VnodeNotes NotesOf(int choice)
    {
        const VnodeNotes All = VnodeTests.Changes | VnodeNotes.Open | VnodeNotes.Close | VnodeNotes.CloseWrite;
        return choice % 3 != 0 ? All : All & (VnodeNotes)(uint)(choice * 0x9E3779B1L >> 3);
    }

    private void Did(string what, Action<string, byte[]> call, string name, byte[] content)
    {
        Done(what, 0);
        call(_temp.Path(name), content);
    }

    private void Done(string what, int result)
    {
        _done.Add(what);
        Assert.That(result, Is.Zero, () => $"{Syscall.GetLastError()}\n{History}");
    }
}
