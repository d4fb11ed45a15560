using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LibKqueueSharp.Kq.Tests;

/// <summary>Compiles assemblies as people have them who wrote a backend of their own.</summary>
internal static class BackendAssembly
{
    private const string Usings = """
        using System;
        using System.Linq;
        using System.Runtime.InteropServices;
        using LibKqueueSharp;

        """;

    /// <summary>A backend that gives this system's queues.</summary>
    /// <param name="name">The name of the class.</param>
    /// <param name="members">More members.</param>
    public static string Class(string name, string members = "") => $$"""
        public sealed class {{name}} : KqueueBackend
        {
            {{members}}
            public override string Name => "own";
            public override KqueueCapabilities Capabilities => Kqueue.DefaultBackend.Capabilities with { Backend = Name };
            public override BackendQueue CreateQueue(Dialect dialect) => Wrap(Kqueue.DefaultBackend.CreateQueue(dialect));
            private static BackendQueue Wrap(BackendQueue queue) => queue;
        }

        """;

    /// <summary>A backend whose queues take EV_CLEAR for level-triggered.</summary>
    public static string WithoutClear { get; } = Class("WithoutClear").Replace("=> queue;", "=> new Queue(queue);", StringComparison.Ordinal) + """
        internal sealed class Queue(BackendQueue inner) : BackendQueue
        {
            public override Dialect Dialect => inner.Dialect;
            public override SafeHandle Descriptor => inner.Descriptor;
            public override int DescriptorCount => inner.DescriptorCount;
            public override int KnoteCount => inner.KnoteCount;
            public override void Interrupt(WaitCancellation cancellation) => inner.Interrupt(cancellation);
            protected override void Dispose(bool disposing) => inner.Dispose();

            public override int Kevent(
                ReadOnlySpan<KEvent> changes, Span<KEvent> events, KeventTimeout timeout, WaitCancellation? cancellation, out Errno error)
            {
                KEvent[] changed = changes.ToArray();
                for (int i = 0; i < changed.Length; i++)
                    changed[i].Flags &= ~EventFlags.Clear;
                return inner.Kevent(changed, events, timeout, cancellation, out error);
            }
        }
        """;

    /// <summary>Compiles an assembly.</summary>
    /// <param name="path">Where it is written.</param>
    /// <param name="code">Its classes.</param>
    /// <returns>The path.</returns>
    public static string Compile(string path, string code)
    {
        string[] assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        CSharpCompilation compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(path),
            [CSharpSyntaxTree.ParseText(Usings + code)],
            assemblies.Select(assembly => MetadataReference.CreateFromFile(assembly)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        IEnumerable<Diagnostic> complaints = compilation.Emit(path).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.That(complaints, Is.Empty);
        return path;
    }
}
