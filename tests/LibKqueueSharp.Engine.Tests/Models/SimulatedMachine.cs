using LibKqueueSharp.Conformance.Replay;
using LibKqueueSharp.Engine.Tests.Simulation;
using LibKqueueSharp.Model.Playing;
using LibKqueueSharp.Model.Programs;
using Change = LibKqueueSharp.Model.Programs.Change;

namespace LibKqueueSharp.Engine.Tests.Models;

/// <summary>Plays a program on the engine over the simulated kernel: pairs of sockets of which one end is read, and a virtual clock.</summary>
internal sealed class SimulatedMachine : IDisposable
{
    private const string Reader = ".a";

    private readonly TestQueue _kq;
    private readonly Dictionary<string, Socket> _sockets = [];
    private readonly List<KEvent> _aside = [];

    private SimulatedMachine(Dialect dialect) => _kq = new TestQueue(dialect);

    internal static IEnumerable<Played> Play(QueueProgram program)
    {
        using SimulatedMachine machine = new(program.Dialect);
        foreach (Step step in program.Steps)
        {
            long began = machine._kq.Clock.Now;
            LineAnswer answer = machine.Do(step);
            yield return new Played(step, answer, began, machine._kq.Clock.Now);
        }
    }

    public void Dispose() => _kq.Dispose();

    private LineAnswer Do(Step step)
    {
        switch (step)
        {
            case AddStep add:
                int result = _kq.Queue.Kevent([ToKEvent(add.Change)], [], KeventTimeout.Zero, null, out Errno error);
                return LineAnswer.Changed(result, result < 0 ? error.ToString() : null);
            case PutStep put:
                _aside.Add(ToKEvent(put.Change));
                return LineAnswer.PutAside(_aside.Count);
            case CallStep call:
                return Call(call);
            case SleepStep sleep:
                _kq.Clock.AdvanceMilliseconds(sleep.Milliseconds);
                return LineAnswer.Returned(0);
            case PairStep pair:
                Open(pair.Name);
                return LineAnswer.Returned(0);
            case WriteStep write:
                return Write(_sockets[PeerOf(write.Name)], write.Count);
            case ReadStep read:
                return Read(_sockets[read.Name], read.Count);
            case DrainStep drain:
                return Read(_sockets[drain.Name], long.MaxValue);
            case ShutdownStep shutdown:
                HangUp(_sockets[PeerOf(shutdown.Name)]);
                return LineAnswer.Returned(0);
            case CloseStep close when close.Name.EndsWith(Reader, StringComparison.Ordinal):
                _sockets[close.Name].IsOpen = false;
                _kq.Poller.Close(_sockets[close.Name].Ident);
                return LineAnswer.Returned(0);
            case CloseStep close:
                HangUp(_sockets[PeerOf(close.Name)]);
                return LineAnswer.Returned(0);
            default:
                throw new ArgumentException($"the simulated kernel cannot {step}");
        }
    }

    private LineAnswer Call(CallStep call)
    {
        KEvent[] events = new KEvent[call.Max];
        int count = _kq.Queue.Kevent([.. _aside], events, TestQueue.Milliseconds(call.Milliseconds), null, out Errno error);
        _aside.Clear();
        return count < 0
            ? LineAnswer.Changed(count, error.ToString())
            : LineAnswer.Delivered([.. events.Take(count).Select(e => EventAnswer.Of(e, NameOf(e)))]);
    }

    /// <summary>A new pair gets the lowest number that is free, as descriptors do.</summary>
    private void Open(string name)
    {
        nuint ident = 3;
        while (_sockets.Values.Any(s => s.IsOpen && s.Ident == ident))
            ident++;
        _sockets[name + Reader] = new Socket(ident);
        _kq.Poller.Open(ident);
    }

    private LineAnswer Write(Socket reader, int count)
    {
        if (!reader.IsOpen || reader.IsEnded)
            return LineAnswer.Returned(-1, "EPIPE");
        reader.Bytes += count;
        _kq.Poller.Write(reader.Ident, count);
        return LineAnswer.Returned(count);
    }

    private LineAnswer Read(Socket reader, long count)
    {
        long taken = Math.Min(count, reader.Bytes);
        reader.Bytes -= taken;
        _kq.Poller.Read(reader.Ident, taken);
        return LineAnswer.Returned(taken);
    }

    private void HangUp(Socket reader)
    {
        if (!reader.IsOpen)
            return;
        reader.IsEnded = true;
        _kq.Poller.HangUp(reader.Ident);
    }

    private KEvent ToKEvent(Change change) => new(
        change.Filter == EventFilter.Read ? _sockets[change.Ident].Ident : nuint.Parse(change.Ident),
        change.Filter,
        change.Flags,
        change.FFlags,
        change.Data,
        change.UData);

    private string NameOf(KEvent e) => e.Filter == EventFilter.Read
        ? _sockets.First(s => s.Value.Ident == e.Ident && s.Value.IsOpen).Key
        : $"{e.Ident}";

    private static string PeerOf(string writer) => writer[..^Reader.Length] + Reader;

    private sealed class Socket(nuint ident)
    {
        internal nuint Ident { get; } = ident;

        internal long Bytes { get; set; }

        internal bool IsOpen { get; set; } = true;

        internal bool IsEnded { get; set; }
    }
}
