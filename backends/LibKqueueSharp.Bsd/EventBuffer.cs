using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kernels;

/// <summary>Reads and writes events of a layout in a buffer of bytes.</summary>
internal static class EventBuffer
{
    /// <summary>The bytes of one event.</summary>
    internal static int SizeOf(EventLayout layout) => layout switch
    {
        EventLayout.WithExtension => Unsafe.SizeOf<ExtendedEvent>(),
        EventLayout.WithWideNumbers => Unsafe.SizeOf<WideEvent>(),
        _ => Unsafe.SizeOf<KEvent>(),
    };

    /// <summary>Writes an event; padding and extensions become zeros.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="buffer">Where the events are.</param>
    /// <param name="index">Which one.</param>
    /// <param name="raw">What to write.</param>
    internal static void Write(EventLayout layout, Span<byte> buffer, int index, in RawEvent raw)
    {
        switch (layout)
        {
            case EventLayout.WithExtension:
                MemoryMarshal.Cast<byte, ExtendedEvent>(buffer)[index] = new()
                {
                    Ident = raw.Ident,
                    Filter = (short)raw.Filter,
                    Flags = (ushort)raw.Flags,
                    FFlags = raw.FFlags,
                    Data = raw.Data,
                    UData = raw.UData,
                };
                break;
            case EventLayout.WithWideNumbers:
                MemoryMarshal.Cast<byte, WideEvent>(buffer)[index] = new()
                {
                    Ident = raw.Ident,
                    Filter = (uint)raw.Filter,
                    Flags = raw.Flags,
                    FFlags = raw.FFlags,
                    Data = raw.Data,
                    UData = raw.UData,
                };
                break;
            default:
                MemoryMarshal.Cast<byte, KEvent>(buffer)[index] =
                    new(raw.Ident, (EventFilter)raw.Filter, (EventFlags)raw.Flags, raw.FFlags, raw.Data, raw.UData);
                break;
        }
    }

    /// <summary>Reads an event.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="buffer">Where the events are.</param>
    /// <param name="index">Which one.</param>
    internal static RawEvent Read(EventLayout layout, ReadOnlySpan<byte> buffer, int index)
    {
        switch (layout)
        {
            case EventLayout.WithExtension:
                ref readonly ExtendedEvent extended = ref MemoryMarshal.Cast<byte, ExtendedEvent>(buffer)[index];
                return new()
                {
                    Ident = extended.Ident,
                    Filter = extended.Filter,
                    Flags = extended.Flags,
                    FFlags = extended.FFlags,
                    Data = extended.Data,
                    UData = extended.UData,
                };
            case EventLayout.WithWideNumbers:
                ref readonly WideEvent wide = ref MemoryMarshal.Cast<byte, WideEvent>(buffer)[index];
                return new()
                {
                    Ident = wide.Ident,
                    Filter = (int)wide.Filter,
                    Flags = wide.Flags,
                    FFlags = wide.FFlags,
                    Data = wide.Data,
                    UData = wide.UData,
                };
            default:
                return Of(in MemoryMarshal.Cast<byte, KEvent>(buffer)[index]);
        }
    }

    /// <summary>The same bits.</summary>
    internal static RawEvent Of(in KEvent e) => new()
    {
        Ident = e.Ident,
        Filter = (short)e.Filter,
        Flags = (ushort)e.Flags,
        FFlags = e.FFlags,
        Data = e.Data,
        UData = e.UData,
    };
}
