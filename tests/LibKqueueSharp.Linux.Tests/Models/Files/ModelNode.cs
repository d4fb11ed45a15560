using static LibKqueueSharp.VnodeNotes;

namespace LibKqueueSharp.Linux.Tests.Models.Files;

/// <summary>A file or folder of the model.</summary>
internal sealed class ModelNode(bool folder)
{
    internal bool IsFolder { get; } = folder;

    internal long Size { get; set; }

    internal int Names { get; set; } = 1;

    /// <summary>Folders: those that lie in it.</summary>
    internal int Folders { get; set; }

    internal uint Mode { get; set; } = 0x1C0;
}

/// <summary>
/// What happened to a node since a queue last looked: from it follow the notes that must come, and those that may, where several
/// changes look like one afterwards (deviation <c>merged-changes</c>).
/// </summary>
internal sealed class Interval(ModelNode node)
{
    private readonly (long Size, int Names, uint Mode, int Folders) _before = (node.Size, node.Names, node.Mode, node.Folders);

    internal bool Written { get; set; }

    internal bool Touched { get; set; }

    internal bool Renamed { get; set; }

    /// <summary>Folders: something was moved into it, or within.</summary>
    internal bool Moved { get; set; }

    /// <summary>A name was made, or removed.</summary>
    internal bool Named { get; set; }

    /// <summary>Notes of a folder's entries, and of uses.</summary>
    internal VnodeNotes Others { get; set; }

    /// <summary>Whether nobody can tell: the uses of a file that has lost its last name.</summary>
    internal VnodeNotes Perhaps { get; set; }

    internal (VnodeNotes Must, VnodeNotes May) Notes()
    {
        VnodeNotes must = Others | (Renamed ? Rename : None);
        VnodeNotes may = Perhaps;
        if (Written)
            must |= Contents();

        // Who did not ask for the end of a folder learns of it with its next attributes, and cannot tell the two apart.
        bool removed = node.Names == 0 && (node.IsFolder || _before.Names != 0);
        bool linked = node.Names > _before.Names;
        bool unlinked = node.Names < _before.Names;
        must |= (linked ? Link : None) | (unlinked ? Delete : None);
        if (Named && !linked && !unlinked)
            may |= Link | Delete | Attributes;
        if (node.Mode != _before.Mode || (Touched && !Named && !removed))
            must |= Attributes;
        else if (Touched)
            may |= Attributes;
        return (must, may | must);
    }

    /// <summary>Deviation <c>truncation-by-size</c>.</summary>
    private VnodeNotes Contents()
    {
        if (node.Size > _before.Size)
            return Write | Extend;
        if (node.Size == _before.Size)
            return Write;
        return Attributes | (node.Size != 0 ? Write : None);
    }
}
