using System.Buffers.Text;
using System.Text;

namespace LibKqueueSharp.Linux;

/// <summary>The mounts that a process sees, as /proc/self/mountinfo lists them. Immutable.</summary>
internal sealed class MountTable
{
    private const int IdField = 0;
    private const int DeviceField = 2;
    private const int PlaceField = 4;
    private const int OptionsField = 5;

    private readonly Dictionary<int, Mount> _mounts = [];

    /// <param name="text">The contents of a mountinfo file; lines that it cannot read are skipped.</param>
    internal MountTable(ReadOnlySpan<byte> text)
    {
        foreach (Range line in text.Split((byte)'\n'))
            Add(text[line]);
    }

    internal int Count => _mounts.Count;

    /// <summary>What has happened since an older table was true. A number can be another mount's by now: its place tells.</summary>
    internal FileSystemNotes Since(MountTable older)
    {
        FileSystemNotes notes = FileSystemNotes.None;
        int kept = 0;
        foreach ((int id, Mount mount) in _mounts)
        {
            if (!older._mounts.TryGetValue(id, out Mount before))
            {
                notes |= FileSystemNotes.Mount;
                continue;
            }

            kept++;
            if (mount.Place != before.Place)
                notes |= FileSystemNotes.Mount | FileSystemNotes.Unmount;
            else if (mount.Options != before.Options)
                notes |= FileSystemNotes.Update;
        }

        return kept == older.Count ? notes : notes | FileSystemNotes.Unmount;
    }

    /// <summary>
    /// Options of a file system may hold blanks that it did not escape. A line is "id parent device root place options [propagation...] - type source options": proc_pid_mountinfo(5). Blanks within
    /// a field are escaped.
    /// </summary>
    private void Add(ReadOnlySpan<byte> line)
    {
        int dash = line.IndexOf(" - "u8);
        if (dash < 0)
            return;
        Span<Range> first = stackalloc Range[OptionsField + 2];
        ReadOnlySpan<byte> own = line[..dash];
        ReadOnlySpan<byte> shared = line[(dash + 3)..];
        int type = shared.IndexOf((byte)' ');
        int space = type < 0 ? -1 : shared[(type + 1)..].IndexOf((byte)' ');
        space += space < 0 ? 0 : type + 1;
        if (space < 0 || Split(own, first) <= OptionsField || !Utf8Parser.TryParse(own[first[IdField]], out int id, out _))
            return;

        // The bytes of a path need not be UTF-8; Latin-1 keeps every byte apart.
        int device = first[DeviceField].Start.Value;
        int place = first[PlaceField].End.Value;
        _mounts[id] = new Mount(
            Encoding.Latin1.GetString(own[device..place]) + ' ' + Encoding.Latin1.GetString(shared[..space]),
            Encoding.Latin1.GetString(own[first[OptionsField]]) + ' ' + Encoding.Latin1.GetString(shared[(space + 1)..]));
    }

    private static int Split(ReadOnlySpan<byte> text, Span<Range> fields)
    {
        int count = 0;
        foreach (Range field in text.Split((byte)' '))
        {
            if (count == fields.Length)
                break;
            fields[count++] = field;
        }

        return count;
    }

    /// <param name="Place">What is mounted, and where.</param>
    /// <param name="Options">The options of the mount and of the file system.</param>
    private readonly record struct Mount(string Place, string Options);
}
