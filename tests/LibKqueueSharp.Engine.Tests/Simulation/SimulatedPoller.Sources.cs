using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Engine.Tests.Simulation;

/// <summary>The sources: what a test does to them, and what the filter registers.</summary>
internal sealed partial class SimulatedPoller
{
    /// <summary>The kernel has something to report by itself.</summary>
    internal bool HasReady
    {
        get
        {
            lock (_kernel)
                return _ready.Exists(source => source.IsReady);
        }
    }

    internal void Open(params ReadOnlySpan<nuint> idents)
    {
        lock (_kernel)
        {
            foreach (nuint ident in idents)
                _sources.Add(ident, new SimulatedSource(ident, ++_lastId));
        }
    }

    internal void Write(nuint ident, long bytes)
    {
        lock (_kernel)
        {
            SimulatedSource source = _sources[ident];
            source.Bytes += bytes;
            NoteActivity(source);
        }
    }

    internal void HangUp(nuint ident)
    {
        lock (_kernel)
        {
            SimulatedSource source = _sources[ident];
            source.Eof = true;
            NoteActivity(source);
        }
    }

    internal void Read(nuint ident, long bytes)
    {
        lock (_kernel)
            _sources[ident].Bytes -= bytes;
    }

    internal void Drain(nuint ident)
    {
        lock (_kernel)
        {
            Drained += _sources[ident].Bytes;
            _sources[ident].Bytes = 0;
        }
    }

    /// <summary>How many bytes <see cref="Drain"/> has taken, ever.</summary>
    internal long Drained { get; private set; }

    /// <summary>The number is free again; registrations of the source report nothing any more.</summary>
    internal void Close(nuint ident)
    {
        lock (_kernel)
        {
            _sources.Remove(ident, out SimulatedSource? source);
            Unregister(source!);
        }
    }

    internal ulong FindId(nuint ident)
    {
        lock (_kernel)
            return _sources.TryGetValue(ident, out SimulatedSource? source) ? source.Id : WakeToken;
    }

    internal void Register(Knote kn, bool edge)
    {
        lock (_kernel)
        {
            SimulatedSource source = _sources[kn.Ident];
            source.Knote = kn;
            source.IsEdge = edge;
            source.IsParked = false;
            _registered.Add(source.Id, source);
            _interest++;
            Arm(source);
        }
    }

    internal void Unregister(Knote kn)
    {
        lock (_kernel)
        {
            if (_registered.TryGetValue((ulong)kn.State, out SimulatedSource? source))
                Unregister(source);
        }
    }

    internal void Rearm(Knote kn)
    {
        lock (_kernel)
            Arm(_registered[(ulong)kn.State]);
    }

    internal void Park(Knote kn, bool parked)
    {
        lock (_kernel)
        {
            if (!_registered.TryGetValue((ulong)kn.State, out SimulatedSource? source))
                return;
            source.IsParked = parked;
            List(source);
        }
    }

    /// <returns>False when the source is closed.</returns>
    internal bool TryLook(Knote kn, out long bytes, out bool eof)
    {
        lock (_kernel)
        {
            bool found = _registered.TryGetValue((ulong)kn.State, out SimulatedSource? source);
            bytes = source?.Bytes ?? 0;
            eof = source?.Eof ?? false;
            return found;
        }
    }

    private void NoteActivity(SimulatedSource source)
    {
        source.HasEdge = source.IsEdge;
        List(source);
    }

    private void Arm(SimulatedSource source)
    {
        if (source.IsReadable)
            NoteActivity(source);
    }

    private void Unregister(SimulatedSource source)
    {
        if (_registered.Remove(source.Id))
            _interest--;
        source.Knote = null;
        source.HasEdge = false;
    }
}
