using System.Globalization;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The addresses of waiting datagrams.</summary>
internal sealed class DatagramAddressRule(ScriptModel model) : ComparisonRule
{
    public override string Name => "datagram-addresses";

    public override string Reason =>
        "NetBSD and OpenBSD count the senders' addresses into data; their size is that of a structure of the system. "
        + "The bytes that the script sent, and nothing else, are accepted instead.";

    internal override bool AllowsData(LinePair line, EventAnswer expected, EventAnswer answered) =>
        expected.Filter == "EVFILT_READ"
        && model.Find(expected.Ident) is { Kind: EndpointKind.Datagram, Datagrams.Count: > 0 } endpoint
        && answered.Data == endpoint.Datagrams.Sum().ToString(CultureInfo.InvariantCulture);
}
