using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Conformance.Tests;

/// <summary>A queue that knows user events, refuses processes, and knows nothing else; enough to test the player with.</summary>
internal sealed class FakeBackend(bool forgetsToClear = false) : KqueueBackend
{
    public override string Name => "fake";

    public override KqueueCapabilities Capabilities =>
        new(Name, "none", [new(EventFilter.User, true, [], "")], [], [Dialect.FreeBsd.Name]);

    public int OpenQueues { get; private set; }

    public override BackendQueue CreateQueue(Dialect dialect)
    {
        OpenQueues++;
        return new FakeQueue(this, dialect, forgetsToClear);
    }

    private sealed class FakeQueue(FakeBackend backend, Dialect dialect, bool forgetsToClear) : BackendQueue
    {
        private readonly List<KEvent> _knotes = [];
        private readonly HashSet<nuint> _active = [];
        private readonly SafeFileHandle _descriptor = new(-1, ownsHandle: false);
        private bool _disposed;

        public override Dialect Dialect => dialect;

        public override SafeHandle Descriptor => _descriptor;

        public override int DescriptorCount => 0;

        public override int KnoteCount => _knotes.Count;

        public override int Kevent(ReadOnlySpan<KEvent> changes, Span<KEvent> events, KeventTimeout timeout, WaitCancellation? cancellation, out Errno error)
        {
            error = _disposed ? Errno.EBADF : Errno.None;
            if (_disposed)
                return -1;
            foreach (KEvent change in changes)
            {
                error = Apply(change);
                if (error != Errno.None)
                    return -1;
            }

            int count = 0;
            foreach (KEvent knote in _knotes.Where(k => _active.Contains(k.Ident)).Take(events.Length).ToArray())
            {
                events[count++] = knote;
                if ((knote.Flags & EventFlags.Clear) != 0 && !forgetsToClear)
                    _active.Remove(knote.Ident);
            }

            return count;
        }

        public override void Interrupt(WaitCancellation cancellation) => cancellation.Request();

        protected override void Dispose(bool disposing)
        {
            if (!_disposed)
                backend.OpenQueues--;
            _disposed = true;
        }

        private Errno Apply(KEvent change)
        {
            if (change.Filter == EventFilter.Process)
                return Errno.ENOTSUP;
            if (change.Filter != EventFilter.User)
                throw new NotSupportedException("user events only");
            int index = _knotes.FindIndex(k => k.Ident == change.Ident);
            if (index < 0 && (change.Flags & EventFlags.Add) == 0)
                return Errno.ENOENT;
            if ((change.Flags & EventFlags.Delete) != 0)
            {
                _knotes.RemoveAt(index);
                _active.Remove(change.Ident);
                return Errno.None;
            }

            if (index < 0)
                _knotes.Add(new(change.Ident, change.Filter, change.Flags & EventFlags.Clear));
            else if ((change.Flags & EventFlags.Clear) != 0)
                _active.Remove(change.Ident);
            int place = index < 0 ? _knotes.Count - 1 : index;
            KEvent old = _knotes[place];
            UserNotes notes = (UserNotes)change.FFlags;
            uint stored = (notes & UserNotes.ControlMask) == UserNotes.Copy ? (uint)(notes & UserNotes.FlagsMask) : old.FFlags;
            _knotes[place] = new(old.Ident, old.Filter, old.Flags, stored, change.Data, change.UData);
            if ((notes & UserNotes.Trigger) != 0)
                _active.Add(change.Ident);
            return Errno.None;
        }
    }
}
