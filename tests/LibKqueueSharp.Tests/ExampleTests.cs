using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LibKqueueSharp.Tests;

/// <summary>The examples in the README and in the documentation of Kqueue compile, run and print.</summary>
[NonParallelizable]
public sealed partial class ExampleTests
{
    // What ImplicitUsings gives to a user's project.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    [Test]
    public void ReadmeExampleRuns()
    {
        string readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "README.md"));
        MatchCollection blocks = CSharpBlock().Matches(readme);
        Assert.That(blocks, Has.Count.EqualTo(1), "README.md has one C# example");
        string output = Run(blocks[0].Groups["code"].Value);
        Assert.That(output, Does.Contain("Read").And.Contain("Timer").And.Contain("User"));
    }

    [TestCase("Kqueue", "User 2: 42")]
    [TestCase("AioRequest", "Aio: 5 bytes")]
    public void DocumentationExampleRuns(string type, string expected)
    {
        string code = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "LibKqueueSharp.xml"))
            .Descendants("member")
            .Single(member => member.Attribute("name")!.Value == $"T:LibKqueueSharp.{type}")
            .Descendants("code")
            .Single()
            .Value;
        string output = Run(code);
        Assert.That(output, Does.Contain(expected));
    }

    [GeneratedRegex("^```csharp\\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    private static string Run(string code)
    {
        string[] assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Example",
            [CSharpSyntaxTree.ParseText(ImplicitUsings), CSharpSyntaxTree.ParseText(code)],
            assemblies.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using MemoryStream image = new();
        IEnumerable<Diagnostic> complaints = compilation.Emit(image).Diagnostics
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);
        Assert.That(complaints, Is.Empty);
        image.Position = 0;
        MethodInfo main = new AssemblyLoadContext(name: null, isCollectible: true).LoadFromStream(image).EntryPoint!;
        TextWriter console = Console.Out;
        using StringWriter output = new();
        Console.SetOut(output);
        try
        {
            Task run = Task.Run(() => main.Invoke(null, [Array.Empty<string>()]));
            Assert.That(run.Wait(Support.Long), "the example does not end");
        }
        finally
        {
            Console.SetOut(console);
        }

        return output.ToString();
    }
}
