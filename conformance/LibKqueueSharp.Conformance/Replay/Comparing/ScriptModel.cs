namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Follows a script and both its answers: what the descriptors are, and how many bytes wait where.</summary>
internal sealed class ScriptModel
{
    private readonly Dictionary<string, ScriptEndpoint> _endpoints = new(StringComparer.Ordinal);

    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);

    public ScriptEndpoint? Find(string name) => _endpoints.GetValueOrDefault(name);

    /// <summary>What a command does something to.</summary>
    public bool Touches(ScenarioCommand command, string ident)
    {
        if (Find(ident) is not { } target)
            return false;
        if (target.Kind is EndpointKind.File or EndpointKind.Directory && ScenarioVerb.Of(command).Needs == ScenarioNeeds.Files)
            return true;
        return command.Arguments.Select(Find).Any(e => e is not null && (e == target || e.Peer == target));
    }

    public void Observe(LinePair line)
    {
        ScenarioCommand command = line.Command;
        string name = command.Arguments[0];
        switch (command.Verb)
        {
            case "pipe":
                Connect(_endpoints[name + ".r"] = new(EndpointKind.Pipe), _endpoints[name + ".w"] = new(EndpointKind.Pipe));
                break;
            case "socketpair":
                EndpointKind kind = command.ArgumentOrNull(1) == "dgram" ? EndpointKind.Datagram : EndpointKind.Stream;
                Connect(_endpoints[name + ".a"] = new(kind), _endpoints[name + ".b"] = new(kind));
                break;
            case "listen":
                _endpoints[name] = new(EndpointKind.Listener);
                break;
            case "tcpsock":
                _endpoints[name] = new(EndpointKind.Stream);
                break;
            case "udp":
                _endpoints[name] = new(EndpointKind.Datagram);
                break;
            case "open":
                _endpoints[name] = new(_directories.Contains(command.Arguments[1]) ? EndpointKind.Directory : EndpointKind.File);
                break;
            case "mkdir":
                _directories.Add(name);
                break;
            case "connect":
                ScriptEndpoint client = Find(name) ?? (_endpoints[name] = new(EndpointKind.Stream));
                Find(command.Arguments[1])?.Connections.Enqueue(client);
                break;
            case "accept" when line.Answered.Return == 0:
                ScriptEndpoint accepted = _endpoints[name] = new(EndpointKind.Stream);
                if (Find(command.Arguments[1]) is { } listener && listener.Connections.TryDequeue(out ScriptEndpoint? waiting))
                    Connect(accepted, waiting);
                break;
            case "dup" when Find(command.Arguments[1]) is { } original:
                _endpoints[name] = original;
                break;
            case "dup2" when Find(name) is { } source:
                _endpoints[command.Arguments[1]] = source;
                break;
            case "write" or "fill" when Find(name) is { } writer:
                Write(writer, line, isFill: command.Verb == "fill");
                break;
            case "udpsend" when Find(command.Arguments[1]) is { } receiver:
                Arrive(receiver, Count(line.Expected), Count(line.Answered), line.Answered.Error is null);
                break;
            case "read" or "drain" when Find(name) is { } reader:
                Read(reader, line);
                break;
        }
    }

    private static void Connect(ScriptEndpoint one, ScriptEndpoint other)
    {
        one.Peer = other;
        other.Peer = one;
    }

    private static long Count(LineAnswer answer) => Math.Max(0, answer.Return ?? 0);

    private static void Write(ScriptEndpoint writer, LinePair line, bool isFill)
    {
        if (writer.Peer is { } peer)
            Arrive(peer, Count(line.Expected), Count(line.Answered), line.Answered.Error is null);
        if (!isFill)
            return;
        writer.WasFilled = true;
        writer.WasReadSinceFilled = false;
    }

    private static void Arrive(ScriptEndpoint receiver, long inTrace, long inPlay, bool isSent)
    {
        receiver.WaitingInTrace += inTrace;
        receiver.WaitingInPlay += inPlay;
        if (receiver.Kind == EndpointKind.Datagram && isSent)
            receiver.Datagrams.Enqueue(inPlay);
    }

    private static void Read(ScriptEndpoint reader, LinePair line)
    {
        if (reader.Kind == EndpointKind.Datagram)
        {
            if (line.Answered.Error is null && reader.Datagrams.TryDequeue(out long size))
            {
                reader.WaitingInTrace -= size;
                reader.WaitingInPlay -= size;
            }

            return;
        }

        reader.WaitingInTrace = Math.Max(0, reader.WaitingInTrace - Count(line.Expected));
        reader.WaitingInPlay = Math.Max(0, reader.WaitingInPlay - Count(line.Answered));
        if (reader.Peer is not { } writer)
            return;
        writer.WasReadSinceFilled = true;
        if (reader is { WaitingInTrace: 0, WaitingInPlay: 0 })
            writer.WasFilled = false;
    }
}
