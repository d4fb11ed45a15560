using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kernels;

/// <summary>How <c>struct kevent</c> lies in memory. Eight-byte pointers only.</summary>
internal enum EventLayout
{
    /// <summary>32 bytes, as <see cref="KEvent"/>: FreeBSD 11, DragonFly, OpenBSD, macOS, libkqueue.</summary>
    SameAsOurs,

    /// <summary>64 bytes: FreeBSD 12 and later.</summary>
    WithExtension,

    /// <summary>40 bytes: NetBSD.</summary>
    WithWideNumbers,
}

/// <summary>FreeBSD 12 and later: what we have, and <c>ext[4]</c>, which changes carry as zeros.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct ExtendedEvent
{
    [FieldOffset(0)]
    internal nuint Ident;

    [FieldOffset(8)]
    internal short Filter;

    [FieldOffset(10)]
    internal ushort Flags;

    [FieldOffset(12)]
    internal uint FFlags;

    [FieldOffset(16)]
    internal long Data;

    [FieldOffset(24)]
    internal nint UData;

    [FieldOffset(32)]
    internal Int128 Ext01;

    [FieldOffset(48)]
    internal Int128 Ext23;
}

/// <summary>NetBSD: filter and flags have 32 bits.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal struct WideEvent
{
    [FieldOffset(0)]
    internal nuint Ident;

    [FieldOffset(8)]
    internal uint Filter;

    [FieldOffset(12)]
    internal uint Flags;

    [FieldOffset(16)]
    internal uint FFlags;

    [FieldOffset(24)]
    internal long Data;

    [FieldOffset(32)]
    internal nint UData;
}
