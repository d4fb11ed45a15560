namespace LibKqueueSharp.Kernels;

/// <summary>A change or an event in a system's own numbers, with room for the widest fields of any layout.</summary>
internal struct RawEvent
{
    internal nuint Ident;
    internal int Filter;
    internal uint Flags;
    internal uint FFlags;
    internal long Data;
    internal nint UData;

    /// <summary>True when an event of ours has the same bits.</summary>
    internal readonly bool IsSameAs(in KEvent e) =>
        Filter == (short)e.Filter && Flags == (ushort)e.Flags && FFlags == e.FFlags && Data == e.Data && UData == e.UData;
}
