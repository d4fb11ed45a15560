namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Sockets.</summary>
internal static class SocketCommands
{
    private const int DefaultBacklog = 10;

    public static KeyValuePair<string, PlayCommand>[] All { get; } =
    [
        new("socketpair", Pair),
        new("listen", (c, s) => s.Adopt(c.Arguments[0], s.Host.Sockets.Listen((int)c.NumberOption("backlog", DefaultBacklog)))),
        new("tcpsock", (c, s) => s.Adopt(c.Arguments[0], s.Host.Sockets.Tcp())),
        new("connect", Connect),
        new("accept", (c, s) => s.Adopt(c.Arguments[0], s.Host.Sockets.Accept(s.Descriptor(c.Arguments[1])))),
        new("udp", (c, s) => s.Adopt(c.Arguments[0], s.Host.Sockets.Udp())),
        new("udpsend", SendTo),
        new("oob", (c, s) => PlayState.Translate(s.Host.Sockets.SendUrgent(s.Descriptor(c.Arguments[0]), c.Number(1)))),
        new("peek", (c, s) => PlayState.Translate(s.Host.Sockets.Peek(s.Descriptor(c.Arguments[0]), c.Number(1)))),
        new("shutdown", Shutdown),
        new("linger0", (c, s) => PlayState.Translate(s.Host.Sockets.LingerZero(s.Descriptor(c.Arguments[0])))),
        new("rcvlowat", (c, s) => PlayState.Translate(s.Host.Sockets.ReceiveLowWater(s.Descriptor(c.Arguments[0]), c.Number(1)))),
        new("sndlowat", (c, s) => PlayState.Translate(s.Host.Sockets.SendLowWater(s.Descriptor(c.Arguments[0]), c.Number(1)))),
    ];

    private static LineAnswer Pair(ScenarioCommand command, PlayState state)
    {
        HostAnswer pair = state.Host.Sockets.Pair(command.ArgumentOrNull(1) == "dgram", out long first, out long second);
        if (pair.Succeeded)
        {
            state.Names.Add(command.Arguments[0] + ".a", NamedKind.Descriptor, first);
            state.Names.Add(command.Arguments[0] + ".b", NamedKind.Descriptor, second);
        }

        return PlayState.Translate(pair);
    }

    private static LineAnswer Connect(ScenarioCommand command, PlayState state)
    {
        string name = command.Arguments[0];
        if (state.Names.Find(name) is null)
        {
            LineAnswer made = state.Adopt(name, state.Host.Sockets.Tcp());
            if (made.Return != 0)
                return made;
        }

        HostAnswer port = PortOf(command.Arguments[1], state);
        return PlayState.Translate(port.Succeeded ? state.Host.Sockets.Connect(state.Descriptor(name), (int)port.Value) : port);
    }

    private static LineAnswer SendTo(ScenarioCommand command, PlayState state)
    {
        HostAnswer port = PortOf(command.Arguments[1], state);
        return PlayState.Translate(port.Succeeded
            ? state.Host.Sockets.SendTo(state.Descriptor(command.Arguments[0]), (int)port.Value, command.Number(2))
            : port);
    }

    private static HostAnswer PortOf(string word, PlayState state) => ushort.TryParse(word, out ushort port)
        ? HostAnswer.Success(port)
        : state.Host.Sockets.PortOf(state.Descriptor(word));

    private static LineAnswer Shutdown(ScenarioCommand command, PlayState state)
    {
        string direction = command.Arguments[1];
        return PlayState.Translate(state.Host.Sockets.Shutdown(
            state.Descriptor(command.Arguments[0]),
            read: direction is "rd" or "rdwr",
            write: direction is "wr" or "rdwr"));
    }
}
