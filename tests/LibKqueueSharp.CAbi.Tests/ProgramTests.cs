namespace LibKqueueSharp.CAbi.Tests;

/// <summary>The C programs, a case each: the first word is the program, the second its test.</summary>
internal sealed class ProgramTests
{
    private static IEnumerable<TestCaseData> Cases()
    {
        foreach (string source in Directory.EnumerateFiles(CProgram.Folder, "*.c").Order())
        {
            string program = Path.GetFileNameWithoutExtension(source);
            foreach (string line in File.ReadLines(source).Where(line => line.StartsWith("    { \"", StringComparison.Ordinal)))
            {
                string test = line.Split('"')[1];
                yield return new TestCaseData(program, test).SetName(test);
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Passes(string program, string test) => CProgram.Check(program, test);
}
