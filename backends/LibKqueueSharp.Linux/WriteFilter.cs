using LibKqueueSharp.Emulation;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>EVFILT_WRITE (clauses WRITE-SOCK-001 to WRITE-EVFD-001).</summary>
internal sealed class WriteFilter(EmulatedQueue queue, EpollPoller poller)
    : DescriptorFilter(queue, EventFilter.Write, poller, EpollEvents.Out)
{
    private const int PipeBuffer = 4096;
    private const int TerminalBuffer = 4096;
    private const long LowWaterStep = 2_000_000;

    internal override Errno Attach(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (EpollQueues.Find(fd) is not null)
            return Dialect.QueueWrite;
        Errno error = base.Attach(kn);
        if (error != Errno.None || !IsPollable(Kind(kn)) || Dialect.PipeWithoutReader == Errno.None)
            return error;

        // WRITE-PIPE-004: refused when the reader has gone.
        if (Ask(kn, out EpollEvents ready) != Errno.None || (ready & EpollEvents.Error) == 0 || !TryClassify(kn))
            return Errno.None;
        if (Kind(kn) != DescriptorKind.Pipe || Poller[fd].Access == LibC.O_RDONLY)
            return Errno.None;
        if (DescriptorClassifier.HasName(fd, out bool hasName) != Errno.None || hasName)
            return Errno.None;
        Detach(kn);
        return Dialect.PipeWithoutReader;
    }

    // A file that lives on in a duplicate has room for ever, so a stale event would come again and again; and events of WRITE are few.
    protected override bool TrustsHarvest => false;

    protected override bool Holds(Knote kn)
    {
        if (!TryClassify(kn))
            return false;
        return Kind(kn) switch
        {
            DescriptorKind.Pipe => PipeEvent(kn),
            DescriptorKind.TcpSocket or DescriptorKind.UnixStream or DescriptorKind.OtherStream => StreamEvent(kn),
            DescriptorKind.Datagram => DatagramEvent(kn),
            DescriptorKind.File or DescriptorKind.Directory => FileEvent(kn),
            DescriptorKind.UnpollableDevice => (IsSame((int)kn.Ident) || Gone(kn)) && SetEvent(kn, DeviceData, eof: false),
            _ => OtherEvent(kn),
        };
    }

    internal override KEvent Take(Knote kn)
    {
        KEvent taken = base.Take(kn);
        if (Kind(kn) == DescriptorKind.Pipe && kn.Has(EventFlags.Clear) && !kn.Has(EventFlags.OneShot))
        {
            Sys.Readable((int)kn.Ident, out int used);
            kn.State = used;
            if (!kn.Is(KnoteStatus.Watched))
                Queue.Timers.Remove(kn);
            Poller.Watch(kn, true);
        }

        return taken;
    }

    /// <summary>Trace clear_pipe_write: each write and each read makes an EV_CLEAR knote of a pipe fire again while there is room.</summary>
    internal override bool HasProgressed(Knote kn)
    {
        if (Sys.Readable((int)kn.Ident, out int used) != Errno.None)
            return Gone(kn);
        bool progressed = used != kn.State;
        kn.State = used;
        return progressed;
    }

    protected override Errno AttachUnpollable(Knote kn)
    {
        ref Descriptor d = ref Poller[(int)kn.Ident];
        Errno error = DescriptorClassifier.Classify((int)kn.Ident, ref d);
        if (error != Errno.None)
            return error;
        if (d.Kind is DescriptorKind.File or DescriptorKind.Directory)
        {
            return Dialect.RegularFileWrite == FileWritePolicy.Refused
                ? Errno.EINVAL
                : Poller.RegisterFile(kn, d.Kind == DescriptorKind.Directory);
        }

        d.Kind = DescriptorKind.UnpollableDevice;
        return CheckDevice(kn);
    }

    private bool PipeEvent(Knote kn)
    {
        int fd = (int)kn.Ident;

        // WRITE-PIPE-005: the reading end has no room.
        if (Poller[fd].Access == LibC.O_RDONLY)
            return HasEndOfWrongEnd(kn) && SetEvent(kn, 0, eof: true);
        if (Ready(kn, out EpollEvents ready) != Errno.None)
            return Gone(kn);
        if ((ready & EpollEvents.Error) != 0)
            return IsStillRegistered(kn) && PipeEof(kn);
        if ((ready & EpollEvents.Out) == 0)
            return false;
        if (!TryGetRoom(fd, out int room))
            return Gone(kn);

        // WRITE-PIPE-001: Linux frees a pipe by pages and reports it writable when one is free.
        room = Math.Max(room, PipeBuffer);
        if (Dialect.PipesHonourLowWater && room < LowWater(kn, 0) && room < Sys.PipeSize(fd))
            return RefuseForNow(kn);
        return SetEvent(kn, room, eof: false);
    }

    // WRITE-PIPE-003: the reader has closed. WRITE-FIFO-001: that of a FIFO may come back, so its registration stays.
    private bool PipeEof(Knote kn)
    {
        int fd = (int)kn.Ident;
        int room = 0;
        if (Dialect.PipeWriterEof == PipeWriterEofPolicy.OneShot)
        {
            TryGetRoom(fd, out room);
            if (DescriptorClassifier.HasName(fd, out bool hasName) == Errno.None && !hasName)
                kn.Flags |= EventFlags.OneShot;
        }

        return SetEvent(kn, room, eof: true);
    }

    private bool StreamEvent(Knote kn)
    {
        int fd = (int)kn.Ident;
        DescriptorKind kind = Kind(kn);
        if (Ready(kn, out EpollEvents ready) != Errno.None)
            return Gone(kn);
        if ((ready & (EpollEvents.Out | EpollEvents.Always)) == 0)
            return false;
        bool ended = (ready & EpollEvents.Always) != 0;
        if (ended && (!IsStillRegistered(kn) || Ask(kn, out ready) != Errno.None))
            return false;

        // WRITE-SOCK-004: hung up without an end of the reading side is a socket that was never connected.
        if ((ready & (EpollEvents.HangUp | EpollEvents.ReadHangUp)) == EpollEvents.HangUp)
            return Refuse(kn);
        if (Sys.Readable(fd, out _) == Errno.EINVAL)
            return Refuse(kn);
        if (SocketState.Room(fd, kind, out int room) == Errno.EBADF)
            return Gone(kn);
        bool eof = (ready & EpollEvents.HangUp) != 0
            || (kind != DescriptorKind.OtherStream && !ended && Sys.ProbeSend(fd) == Errno.EPIPE);
        if (!eof && !ended && room < LowWater(kn, 0))
            return RefuseForNow(kn);
        SetEvent(kn, room, eof);
        if (eof && (ready & EpollEvents.Error) != 0)
            kn.FFlags = (uint)SocketState.Error(fd, kind);
        return true;
    }

    private bool DatagramEvent(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (Ready(kn, out EpollEvents ready) != Errno.None)
            return Gone(kn);
        if ((ready & (EpollEvents.Out | EpollEvents.Always)) == 0)
            return false;
        if (SocketState.Room(fd, DescriptorKind.Datagram, out int room) == Errno.EBADF)
            return Gone(kn);
        bool eof = (ready & EpollEvents.HangUp) != 0;
        return eof || (ready & EpollEvents.Error) != 0 || room >= LowWater(kn, 0) ? SetEvent(kn, room, eof) : RefuseForNow(kn);
    }

    /// <summary>
    /// There is room, but less than NOTE_LOWAT asks for. Linux tells of more only to who has filled the buffer: the knote is looked at again by time.
    /// </summary>
    private bool RefuseForNow(Knote kn)
    {
        Poller.Watch(kn, false);
        if (kn.Position < 0)
            Queue.Timers.Add(kn, QueueClock.Add(Queue.Clock.Now, LowWaterStep));
        return Refuse(kn);
    }

    private bool FileEvent(Knote kn) =>
        TryLookAtFile(kn, out _) && SetEvent(kn, Dialect.RegularFileWrite == FileWritePolicy.ReadyWithOne ? 1 : 0, eof: false);

    private bool OtherEvent(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (Ready(kn, out EpollEvents ready) != Errno.None)
            return Gone(kn);
        if ((ready & (EpollEvents.Out | EpollEvents.Always)) == 0)
            return false;
        bool eof = (ready & EpollEvents.HangUp) != 0;
        switch (Kind(kn))
        {
            case DescriptorKind.EventFd:
                return EventFdCounter.TryRead(fd, out ulong count)
                    ? SetEvent(kn, (long)(EventFdCounter.Largest - count), eof)
                    : Gone(kn);
            case DescriptorKind.Terminal:
                return Sys.Unsent(fd, out int queued) != Errno.EBADF
                    ? SetEvent(kn, Math.Max(0, TerminalBuffer - queued), eof)
                    : Gone(kn);
            default:
                return Sys.IsOpen(fd) ? SetEvent(kn, 1, eof) : Gone(kn);
        }
    }

    private static bool TryGetRoom(int fd, out int room)
    {
        bool open = Sys.Readable(fd, out int used) == Errno.None;
        room = open ? Math.Max(0, Sys.PipeSize(fd) - used) : 0;
        return open;
    }

    private static bool SetEvent(Knote kn, long data, bool eof)
    {
        kn.Data = data;
        kn.FFlags = 0;
        kn.Flags = eof ? kn.Flags | EventFlags.Eof : kn.Flags & ~EventFlags.Eof;
        return true;
    }

    private static long LowWater(Knote kn, int otherwise) =>
        (kn.SavedFFlags & (uint)ReadWriteNotes.LowWater) != 0 ? kn.SavedData : otherwise;
}
