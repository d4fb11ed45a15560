using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kernels.Tests;

/// <summary>Where the fields lie, beside the table.</summary>
public sealed class LayoutTests
{
    private static IEnumerable<TestCaseData> Fields() =>
        from abi in KqueueAbi.All
        from field in new[] { "ident", "filter", "flags", "fflags", "data", "udata" }
        select new TestCaseData(abi, field).SetArgDisplayNames(abi.Name, field);

    [TestCaseSource(nameof(Fields))]
    public void FieldIsWhereTheSystemHasIt(KqueueAbi abi, string field) =>
        Assert.That(Offset(abi.Layout, field), Is.EqualTo(Constants.Of(abi, $"{Struct(abi)}.{field}")));

    [TestCaseSource(typeof(KqueueAbi), nameof(KqueueAbi.All))]
    public void SizeIsTheSystems(KqueueAbi abi) =>
        Assert.That(EventBuffer.SizeOf(abi.Layout), Is.EqualTo(Constants.Of(abi, $"sizeof({Struct(abi)})")));

    [Test]
    public void ExtensionIsWhereFreeBsd12HasIt()
    {
        Assert.That((int)Marshal.OffsetOf<ExtendedEvent>(nameof(ExtendedEvent.Ext01)), Is.EqualTo(Constants.Of(KqueueAbi.FreeBsd, "kevent.ext")));
        Assert.That(Unsafe.SizeOf<ExtendedEvent>() - Constants.Of(KqueueAbi.FreeBsd, "kevent.ext"), Is.EqualTo(4 * sizeof(ulong)));
    }

    /// <summary>A pattern that no other field has, in each field alone: nothing leaks into a neighbour, and nothing is cut off.</summary>
    [TestCaseSource(nameof(Fields))]
    public void FieldKeepsItsPattern(KqueueAbi abi, string field)
    {
        RawEvent raw = default;
        switch (field)
        {
            case "ident": raw.Ident = unchecked((nuint)0x8102030405060708); break;
            case "filter": raw.Filter = abi.Layout == EventLayout.WithWideNumbers ? 0x11121314 : -0x1112; break;
            case "flags": raw.Flags = abi.Layout == EventLayout.WithWideNumbers ? 0x91929394 : 0x9192; break;
            case "fflags": raw.FFlags = 0xa1a2a3a4; break;
            case "data": raw.Data = unchecked((long)0xb1b2b3b4b5b6b7b8); break;
            case "udata": raw.UData = unchecked((nint)0xc1c2c3c4c5c6c7c8); break;
        }

        byte[] buffer = new byte[3 * EventBuffer.SizeOf(abi.Layout)];
        buffer.AsSpan().Fill(0xff);
        EventBuffer.Write(abi.Layout, buffer, 1, raw);
        Assert.That(EventBuffer.Read(abi.Layout, buffer, 1), Is.EqualTo(raw));
        int size = EventBuffer.SizeOf(abi.Layout);
        Assert.That(buffer[..size], Is.All.EqualTo(0xff), "the event before was touched");
        Assert.That(buffer[(2 * size)..], Is.All.EqualTo(0xff), "the event behind was touched");
    }

    private static string Struct(KqueueAbi abi) => abi == KqueueAbi.FreeBsd11 ? "freebsd11_kevent" : "kevent";

    private static int Offset(EventLayout layout, string field)
    {
        Type type = layout switch
        {
            EventLayout.WithExtension => typeof(ExtendedEvent),
            EventLayout.WithWideNumbers => typeof(WideEvent),
            _ => typeof(KEvent),
        };
        string name = type.GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic)
            .Single(f => f.Name.Equals(field, StringComparison.OrdinalIgnoreCase)).Name;
        return (int)Marshal.OffsetOf(type, name);
    }
}
