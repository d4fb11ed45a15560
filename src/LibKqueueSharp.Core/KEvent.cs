using System.Runtime.InteropServices;
using System.Text;

namespace LibKqueueSharp;

/// <summary>
/// One change to a queue, or one event taken from it: <c>struct kevent</c>, 32 bytes
/// (kqueue(2), FreeBSD 11 layout; the <c>ext</c> array of FreeBSD 12 is not carried).
/// A plain value; it may be copied and shared between threads like any struct.
/// </summary>
/// <remarks>
/// A registration is identified by (<see cref="Ident"/>, <see cref="Filter"/>) in one queue (CORE-ADD-004).
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public struct KEvent : IEquatable<KEvent>
{
    /// <summary>
    /// What is watched: a descriptor number, a process id, a signal number, or any number of the caller's
    /// for timers and user events (CORE-ADD-006).
    /// </summary>
    public nuint Ident;

    /// <summary>The filter that watches <see cref="Ident"/>.</summary>
    public EventFilter Filter;

    /// <summary>Actions in a change; attributes and results in an event.</summary>
    public EventFlags Flags;

    /// <summary>
    /// Filter flags ("notes"): what to watch for in a change, what happened in an event. Cast to the enum of the
    /// filter: <see cref="ReadWriteNotes"/>, <see cref="VnodeNotes"/>, <see cref="ProcessNotes"/>,
    /// <see cref="TimerNotes"/> or <see cref="UserNotes"/>. With <see cref="EventFlags.Eof"/> on a socket it is
    /// the socket's error, an errno, or 0 (READ-EOF-003).
    /// </summary>
    public uint FFlags;

    /// <summary>
    /// Filter data: bytes, connections, expirations, an exit status, or the errno of a record with
    /// <see cref="EventFlags.Error"/>. Each member of <see cref="EventFilter"/> says which.
    /// </summary>
    public long Data;

    /// <summary>A value of the caller's that comes back bit for bit with each event (CORE-ADD-007).</summary>
    public nint UData;

    /// <summary>Fills all fields, as the macro <c>EV_SET</c> of kqueue(2) does.</summary>
    /// <param name="ident">What is watched; see <see cref="Ident"/>.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="flags">The actions.</param>
    /// <param name="fflags">The notes of the filter.</param>
    /// <param name="data">The filter's parameter, for example a timer's period.</param>
    /// <param name="udata">The caller's value.</param>
    public KEvent(nuint ident, EventFilter filter, EventFlags flags, uint fflags = 0, long data = 0, nint udata = 0)
    {
        Ident = ident;
        Filter = filter;
        Flags = flags;
        FFlags = fflags;
        Data = data;
        UData = udata;
    }

    /// <summary>
    /// True when this is a record of a change and not an event (<see cref="EventFlags.Error"/> is set):
    /// <see cref="Data"/> is then the errno of the change, 0 for a receipt (CALL-ERR-001, CORE-RCP-001).
    /// </summary>
    public readonly bool IsRecord => (Flags & EventFlags.Error) != 0;

    /// <summary>True when the watched object came to its end (<see cref="EventFlags.Eof"/> is set).</summary>
    public readonly bool IsEof => (Flags & EventFlags.Eof) != 0;

    /// <summary>The errno of a record, <see cref="Errno.None"/> for a receipt or for an event.</summary>
    public readonly Errno Error => IsRecord ? (Errno)Data : Errno.None;

    /// <inheritdoc/>
    public readonly bool Equals(KEvent other) =>
        Ident == other.Ident && Filter == other.Filter && Flags == other.Flags
        && FFlags == other.FFlags && Data == other.Data && UData == other.UData;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is KEvent other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(Ident, Filter, Flags, FFlags, Data, UData);

    /// <summary>Compares all fields.</summary>
    /// <param name="left">One event.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(KEvent left, KEvent right) => left.Equals(right);

    /// <summary>Compares all fields.</summary>
    /// <param name="left">One event.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(KEvent left, KEvent right) => !left.Equals(right);

    /// <summary>All fields by their BSD names, for people to read.</summary>
    public override readonly string ToString()
    {
        StringBuilder text = new();
        text.Append("{ident=").Append(Ident).Append(" filter=").Append(Filter).Append(" flags=").Append(Flags);
        text.Append(" fflags=0x").Append(FFlags.ToString("x", System.Globalization.CultureInfo.InvariantCulture));
        text.Append(" data=").Append(Data);
        if (IsRecord && Data != 0)
            text.Append(" (").Append((Errno)Data).Append(')');
        return text.Append(" udata=").Append(UData).Append('}').ToString();
    }
}
