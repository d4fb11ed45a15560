using static LibKqueueSharp.VnodeNotes;

namespace LibKqueueSharp.Linux.Tests.Models.Files;

/// <summary>Two folders with files and folders in them, and what each call does to their nodes (clauses VNODE-WRITE-001 to VNODE-CLOSE-002).</summary>
internal sealed class ModelTree
{
    private readonly Dictionary<string, ModelNode> _nodes = new() { ["a"] = new(folder: true), ["b"] = new(folder: true) };

    /// <summary>Tells that something happens to a node, before it is changed.</summary>
    internal required Action<ModelNode, Action<Interval>> Happens { get; init; }

    internal ModelNode? this[string name] => _nodes.GetValueOrDefault(name);

    internal void Make(string name, bool folder)
    {
        Entry(name, folder ? Write | Link : Write);
        _nodes[name] = new ModelNode(folder);
        Parent(name).Folders += folder ? 1 : 0;
    }

    internal void Resize(ModelNode node, long size)
    {
        Happens(node, i => i.Written = true);
        node.Size = size;
    }

    internal void ChangeMode(ModelNode node, uint mode)
    {
        Happens(node, i => i.Touched = true);
        node.Mode = mode;
    }

    internal void Uses(ModelNode node, VnodeNotes notes) => Happens(node, i =>
    {
        if (node.Names == 0)
            i.Perhaps |= notes;
        else
            i.Others |= notes;
    });

    internal void AddName(string name, string second)
    {
        ModelNode node = _nodes[name];
        Happens(node, i => i.Named = true);
        Entry(second, Write);
        node.Names++;
        _nodes[second] = node;
    }

    internal void Remove(string name)
    {
        ModelNode node = _nodes[name];
        Entry(name, node.IsFolder ? Write | Link : Write);
        Drop(name);
    }

    /// <summary>rename(2); nothing happens where both are names of one file.</summary>
    internal void Move(string name, string to)
    {
        ModelNode node = _nodes[name];
        ModelNode? over = this[to];
        if (node == over)
            return;
        (ModelNode from, ModelNode into) = (Parent(name), Parent(to));
        bool folder = node.IsFolder;
        VnodeNotes across = from == into ? None : Extend;
        VnodeNotes link = folder && from != into ? Link : None;
        Happens(from, i => i.Others |= Write | across | link);

        // inotify takes a second move to the same name for the first. A folder in the place of another: whether the links tell depends on what else happened.
        Happens(into, i =>
        {
            VnodeNotes notes = Write | across | (over is null ? link : None);
            i.Others |= i.Moved && over is not null ? Write : notes;
            i.Perhaps |= notes | (folder && over is not null ? Link : None);
            i.Moved = true;
        });
        Happens(node, i => i.Renamed = true);
        if (over is not null)
            Drop(to);
        from.Folders -= folder ? 1 : 0;
        into.Folders += folder ? 1 : 0;
        _nodes.Remove(name);
        _nodes[to] = node;
    }

    private ModelNode Parent(string name) => _nodes[name[..1]];

    private void Entry(string name, VnodeNotes notes) => Happens(Parent(name), i => i.Others |= notes);

    private void Drop(string name)
    {
        ModelNode node = _nodes[name];
        Happens(node, i => i.Named = true);
        node.Names--;
        Parent(name).Folders -= node.IsFolder ? 1 : 0;
        _nodes.Remove(name);
    }
}
