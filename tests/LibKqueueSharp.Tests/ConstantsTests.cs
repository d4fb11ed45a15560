using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Tests;

/// <summary>The C names against the table of FreeBSD's numbers.</summary>
public sealed class ConstantsTests
{
    private static readonly string[][] s_rows = File
        .ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "data", "constants.csv"))
        .Select(line => line.Split(','))
        .Where(row => row[0] == "freebsd")
        .ToArray();

    private static IEnumerable<TestCaseData> Constants() => s_rows
        .Where(row => row[1] is "filter" or "flag" or "fflag" && row[3] != "UNVERIFIED")
        .Select(row => new TestCaseData(row[2], row[1], Number(row[3])).SetArgDisplayNames(row[2]));

    private static IEnumerable<TestCaseData> Fields() => s_rows
        .Where(row => row[1] == "layout" && row[2].StartsWith("freebsd11_kevent.", StringComparison.Ordinal))
        .Select(row => new TestCaseData(row[2].Split('.')[1], (int)Number(row[3])).SetArgDisplayNames(row[2]));

    [TestCaseSource(nameof(Constants))]
    public void NumberIsFreeBsds(string name, string kind, long expected)
    {
        FieldInfo? field = typeof(Bsd).GetField(name, BindingFlags.Public | BindingFlags.Static);
        Assert.That(field, Is.Not.Null, $"Bsd.{name} is missing");
        Assert.Multiple(() =>
        {
            Assert.That(field!.IsLiteral, $"{name} is not a constant");
            Assert.That(Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture), Is.EqualTo(expected));
            Assert.That(field.FieldType, Is.EqualTo(CType(name, kind)));
        });
    }

    [Test]
    public void NoConstantIsOurs()
    {
        IEnumerable<string> names = typeof(Bsd)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.Name);
        Assert.That(names, Is.SubsetOf(s_rows.Select(row => row[2]).Concat(["O_CLOEXEC", "NOTE_EXITSTATUS"])));
    }

    [TestCaseSource(nameof(Fields))]
    public void FieldIsWhereFreeBsd11HasIt(string name, int offset)
    {
        string field = typeof(KEvent).GetFields().Single(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Name;
        Assert.That((int)Marshal.OffsetOf<KEvent>(field), Is.EqualTo(offset));
    }

    private static Type CType(string name, string kind) => kind switch
    {
        "filter" => typeof(short),
        "flag" when name.StartsWith("EV_", StringComparison.Ordinal) => typeof(ushort),
        _ => typeof(uint),
    };

    private static long Number(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? long.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        : long.Parse(text, CultureInfo.InvariantCulture);
}
