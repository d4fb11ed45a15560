using System.Text.Json;

namespace LibKqueueSharp.Kq.Tests;

public sealed class InfoTests
{
    [Test]
    public void JsonTellsWhatTheBackendTells()
    {
        KqResult result = KqProcess.Run("info", "--json");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        JsonElement info = JsonDocument.Parse(result.Output).RootElement;
        KqueueCapabilities capabilities = Kqueue.Capabilities;

        Assert.Multiple(() =>
        {
            Assert.That(info.GetProperty("backend").GetString(), Is.EqualTo(capabilities.Backend));
            Assert.That(info.GetProperty("system").GetString(), Is.EqualTo(capabilities.System));
            Assert.That(
                info.GetProperty("dialects").EnumerateArray().Select(d => d.GetString()), Is.EqualTo(capabilities.Dialects));
            Assert.That(
                info.GetProperty("filters").EnumerateArray().Select(f => (f.GetProperty("number").GetInt32(), f.GetProperty("served").GetBoolean())),
                Is.EqualTo(capabilities.Filters.Select(f => ((int)f.Filter, f.Supported))));
            Assert.That(
                info.GetProperty("filters").EnumerateArray().Select(f => f.GetProperty("filter").GetString()),
                Has.All.StartsWith("EVFILT_"));
            Assert.That(
                info.GetProperty("limits").EnumerateObject().Select(l => l.Name), Is.EquivalentTo(capabilities.Limits.Select(l => l.Key)));
        });
    }

    [Test]
    public void DescriptorsAreCounted()
    {
        JsonElement counts = JsonDocument.Parse(KqProcess.Run("info", "--json").Output).RootElement.GetProperty("queueDescriptors");
        using Kqueue queue = new();
        Assert.That(counts.GetProperty("fresh").GetInt32(), Is.EqualTo(queue.DescriptorCount));
        _ = queue.Descriptor;
        Assert.That(counts.GetProperty("handedOut").GetInt32(), Is.EqualTo(queue.DescriptorCount));
    }

    [Test]
    public void TextNamesFiltersNotesAndLimits()
    {
        KqResult result = KqProcess.Run("info");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.Multiple(() =>
        {
            Assert.That(result.Output, Does.Match("EVFILT_TIMER +yes +.*NOTE_ABSTIME"), result.ToString());
            foreach (KeyValuePair<string, string> limit in Kqueue.Capabilities.Limits)
                Assert.That(result.Output, Does.Contain(limit.Key), result.ToString());
            Assert.That(result.Output, Does.Not.Contain('\u001b'));
        });
    }
}
