using System.Globalization;
using System.Text;

namespace LibKqueueSharp.CAbi.Tests;

/// <summary>The header agrees with FreeBSD's constants and with the C# ones, and with strict compilers.</summary>
internal sealed class HeaderTests
{
    /// <summary>Not served here, or the number of filters, which counts what is served by us.</summary>
    private static readonly string[] s_undefined = ["EVFILT_AIO", "EVFILT_LIO", "EVFILT_SENDFILE", "EVFILT_JAIL", "EVFILT_JAILDESC"];

    [TestCase("gcc", "-std=c99")]
    [TestCase("gcc", "-std=c11")]
    [TestCase("gcc", "-std=gnu17")]
    [TestCase("g++", "-std=c++17")]
    [TestCase("g++", "-std=c++11")]
    public void CompilesWithoutAWarning(string compiler, string standard)
    {
        if (!Tool.Exists(compiler))
            Assert.Inconclusive($"there is no {compiler}");
        string source = Write(compiler == "g++" ? "first.cpp" : "first.c", """
            #include <sys/event.h>
            #include <time.h>
            int main(void)
            {
                struct kevent change, event;
                struct timespec zero = { 0, 0 };
                int kq = kqueue();
                EV_SET(&change, 1, EVFILT_USER, EV_ADD, NOTE_FFNOP, 0, &event);
                if (kevent(kq, &change, 1, 0, 0, 0) != 0)
                    return 1;
                EV_SET(&change, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0, &event);
                return kevent(kq, &change, 1, &event, 1, &zero) == 1 && event.udata == &event ? 0 : 1;
            }
            """);
        Tool.Result built = CProgram.TryBuild(source, compiler, standard, out string program);
        Assert.That(built.ExitCode, Is.Zero, built.Output);
        Assert.That(built.Output, Is.Empty);
        Tool.Result result = CProgram.Run(program);
        Assert.That(result.ExitCode, Is.Zero, result.Output);
    }

    [Test]
    public void AgreesWithFreeBsdAndWithTheManagedConstants()
    {
        StringBuilder source = new("#include <stddef.h>\n#include <sys/event.h>\n");
        int checks = 0;
        foreach (string[] row in Rows())
        {
            (string kind, string name, string value) = (row[1], row[2], row[3]);
            if (s_undefined.Contains(name))
                source.Append(CultureInfo.InvariantCulture, $"#ifdef {name}\n#error {name} is not served\n#endif\n");
            else if (kind is "filter" or "flag" or "fflag")
                source.Append(CultureInfo.InvariantCulture, $"_Static_assert((unsigned)({name}) == (unsigned)({value}), \"{name}\");\n");
            else if (name.StartsWith("freebsd11_kevent.", StringComparison.Ordinal))
                source.Append(CultureInfo.InvariantCulture, $"_Static_assert(offsetof(struct kevent, {name.Split('.')[1]}) == {value}, \"{name}\");\n");
            else
                continue;
            checks++;
        }

        source.Append("_Static_assert(sizeof(struct kevent) == 32, \"size\");\nint main(void) { return 0; }\n");
        Tool.Result built = CProgram.TryBuild(Write("constants.c", source.ToString()), "gcc", "-std=c11", out _);
        Assert.That(built.ExitCode, Is.Zero, built.Output);
        Assert.That(checks, Is.GreaterThan(80));
    }

    [Test]
    public void FiltersAreThoseThatAreServed()
    {
        string header = File.ReadAllText(Path.Combine(Library.Folder, "include/kqueue/sys/event.h"));
        Assert.Multiple(() =>
        {
            foreach (string[] row in Rows().Where(row => row[1] == "filter" && row[2] != "EVFILT_SYSCOUNT"))
            {
                EventFilter filter = (EventFilter)short.Parse(row[3], CultureInfo.InvariantCulture);

                // The library has no aio_read(2) to submit with.
                bool served = filter is not (EventFilter.Aio or EventFilter.Lio) && Kqueue.DefaultBackend.Capabilities.Supports(filter);
                Assert.That(header.Contains($"#define {row[2]} ", StringComparison.Ordinal), Is.EqualTo(served), row[2]);
            }
        });
    }

    private static IEnumerable<string[]> Rows() =>
        File.ReadLines(Path.Combine(Library.Root, "tests/data/constants.csv"))
            .Select(line => line.Split(','))
            .Where(row => row[0] == "freebsd" && row[3] != "UNVERIFIED");

    private static string Write(string name, string source)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "sources");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, source);
        return path;
    }
}
