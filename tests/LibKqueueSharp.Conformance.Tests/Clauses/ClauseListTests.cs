using System.Reflection;
using LibKqueueSharp.Conformance.Clauses;

namespace LibKqueueSharp.Conformance.Tests.Clauses;

/// <summary>The clauses that are tested are those of the list, word for word.</summary>
public sealed class ClauseListTests
{
    private static readonly ListedClause[] s_listed =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "clauses.tsv")).Skip(1).Select(ListedClause.Parse),
    ];

    [Test]
    public void EveryClauseIsTestedOrToldNotObservable()
    {
        string[] missing = [.. s_listed.Select(c => c.Id).Except(ClauseCatalog.All.Select(c => c.Id))];
        Assert.That(missing, Is.Empty);
        Assert.That(s_listed, Has.Length.EqualTo(402));
    }

    [Test]
    public void TestedClauseIsTheListedOne()
    {
        IEnumerable<ListedClause> tested =
            from section in ClauseCatalog.Groups
            from clause in section.Clauses
            select new ListedClause(clause.Id, section.Section, clause.Dialects, clause.Statement);
        Assert.That(tested, Is.SubsetOf(s_listed));
    }

    [Test]
    public void EveryClauseHasASourceOrAReason()
    {
        Assert.That(ClauseCatalog.All.Where(c => c.IsObservable ? c.Source.Length == 0 : c.WhyNotObservable!.Length == 0), Is.Empty);
        Assert.That(ClauseCatalog.All.Select(c => c.Id), Is.Unique);
    }

    [Test]
    public void EveryGroupIsInTheCatalog()
    {
        IEnumerable<object?> groups =
            from type in typeof(Clause).Assembly.GetTypes()
            from property in type.GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            where property.PropertyType == typeof(ClauseGroup)
            select property.GetValue(null);
        Assert.That(groups, Is.EquivalentTo(ClauseCatalog.Groups));
    }

    [Test]
    public void DeviationsNameClausesAndDialectsThatExist()
    {
        foreach (string path in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "deviations"), "clauses.*.json"))
        {
            ClauseDeviations deviations = ClauseDeviations.Parse(path, File.ReadAllText(path));
            Assert.That(deviations.All.SelectMany(d => d.Dialects).Distinct(), Is.SubsetOf(Dialect.All.Select(d => d.Name)), path);
        }
    }

    private sealed record ListedClause(string Id, string Section, ClauseDialects Dialects, string Statement)
    {
        public static ListedClause Parse(string line)
        {
            string[] columns = line.Split('\t');
            return new(columns[0], columns[1], Enum.Parse<ClauseDialects>(columns[2], ignoreCase: true), columns[3]);
        }
    }
}
