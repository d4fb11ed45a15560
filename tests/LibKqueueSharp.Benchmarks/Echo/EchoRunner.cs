using System.Globalization;
using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Queues;
using LibKqueueSharp.Benchmarks.Rows;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Echo;

/// <summary>Echo servers under load: a server and a client process for each contender; the pairs take turns.</summary>
internal sealed class EchoRunner(Effort effort, string cLibrary)
{
    internal const string ServeCommand = "serve";
    internal const string LoadCommand = "load";

    private const int MostActive = 20;
    private const int WarmUps = 4;

    internal static EchoServer Create(Role role) => role switch
    {
        Role.Subject => new KeventEchoServer<LibraryQueue>(),
        Role.Floor => new EpollEchoServer(),
        Role.Alternative => new SocketEchoServer(),
        _ => new KeventEchoServer<CQueue>(),
    };

    /// <summary>The rows of one number of connections; they are measured together.</summary>
    internal static Row[] RowsOf(int connections) =>
    [
        new Row(Groups.Echo, $"time-{connections}", $"{connections:N0} connections, time"),
        new Row(Groups.Echo, $"processor-{connections}", $"{connections:N0} connections, processor"),
        new Row(Groups.Echo, $"p99-{connections}", $"{connections:N0} connections, p99"),
    ];

    internal IEnumerable<RowResult> Run(int connections)
    {
        Role[] roles = [.. Enum.GetValues<Role>().Where(role => role != Role.CountingFloor && (role != Role.CLibrary || CLibrary.IsLoaded))];
        List<Pair> pairs = [];
        try
        {
            foreach (Role role in roles)
                pairs.Add(new Pair(role, cLibrary, effort.Scale(connections)));
            Pair[] order = [.. pairs];
            for (int round = -WarmUps; round < effort.Rounds; round++)
            {
                foreach (Pair pair in order)
                    pair.Measure((int)effort.EchoTime.TotalMilliseconds, kept: round >= 0);
                Array.Reverse(order);
            }

            return RowsOf(connections).Select((row, at) => new RowResult(row, [.. pairs.Select(p => p.Result(at))]));
        }
        finally
        {
            foreach (Pair pair in pairs)
                pair.Dispose();
        }
    }

    private sealed class Pair : IDisposable
    {
        private readonly List<Sample>[] _samples = [[], [], []];
        private readonly Role _role;
        private readonly ChildProcess _server;
        private readonly ChildProcess _client;

        internal Pair(Role role, string cLibrary, int connections)
        {
            _role = role;
            _server = new ChildProcess(ServeCommand, role.ToString(), cLibrary);
            string port = _server.ReadLine();
            _client = new ChildProcess(LoadCommand, port, Text(connections), Text(Math.Min(connections, MostActive)));
            _client.ReadLine();
        }

        internal ContenderResult Result(int at) => new(_role, Groups.Echo.NameOf(_role), _samples[at]);

        internal void Measure(int milliseconds, bool kept)
        {
            double[] before = _server.Ask("");
            double[] load = _client.Ask(Text(milliseconds));
            double[] after = _server.Ask("");
            if (!kept)
                return;
            double requests = load[0];
            double allocated = (after[1] - before[1]) / requests;
            _samples[0].Add(new Sample(load[1] / requests, allocated));
            _samples[1].Add(new Sample((after[0] - before[0]) / requests, allocated));
            _samples[2].Add(new Sample(load[2], allocated));
        }

        public void Dispose()
        {
            _client.Dispose();
            _server.Dispose();
        }

        private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
