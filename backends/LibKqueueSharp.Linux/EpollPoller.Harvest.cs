using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibKqueueSharp.Emulation;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>Turns what epoll reported into active knotes.</summary>
internal sealed partial class EpollPoller
{
    private const int SecondHarvest = 64;

    private uint _began;

    internal override unsafe void Harvest(ReadOnlySpan<byte> scratch, int entries)
    {
        ForgetHarvest();
        MustAskAgain = false;
        if (!_replacedSets.IsEmpty)
            RegisterReplacedSets();
        _ring?.Harvest();
        if (entries < 0)
            return;
        Header header = MemoryMarshal.Read<Header>(scratch);
        _began = header.Began;
        _complete = entries < header.Asked;
        fixed (byte* at = scratch[HeaderSize..])
        {
            epoll_event* events = (epoll_event*)at;
            for (int i = 0; i < entries; i++)
                Take((EpollEvents)events[i].events, events[i].data.u64);
        }
    }

    /// <summary>From now on nothing is known of any descriptor's readiness without a system call.</summary>
    internal void ForgetHarvest()
    {
        Volatile.Write(ref _harvest, _harvest + 1);
        _complete = false;
    }

    /// <summary>
    /// Looks again at knotes that a pipe's reader or writer, or an accept, activates: BSD wakes them, Linux does not (trace clear_pipe_read). One
    /// system call of some 190 ns for each EV_CLEAR knote of a pipe that holds something, or has room, after its last event.
    /// </summary>
    internal override void BeforeScan()
    {
        for (int i = _watched.Count - 1; i >= 0; i--)
        {
            // Looking at one knote may have removed others.
            if (i >= _watched.Count)
                continue;
            Knote kn = _watched[i];
            if (!kn.Is(KnoteStatus.Disabled) && ((DescriptorFilter)kn.Filter).HasProgressed(kn))
                _queue.Activate(kn);
        }
    }

    /// <summary>Begins or ends looking at a knote before each scan.</summary>
    internal void Watch(Knote kn, bool watched)
    {
        if (kn.Is(KnoteStatus.Watched) == watched)
            return;
        if (watched)
        {
            kn.Status |= KnoteStatus.Watched;
            kn.Position = _watched.Count;
            _watched.Add(kn);
            return;
        }

        Knote last = _watched[^1];
        _watched[kn.Position] = last;
        last.Position = kn.Position;
        _watched.RemoveAt(_watched.Count - 1);
        kn.Position = None;
        kn.Status &= ~KnoteStatus.Watched;
    }

    private void Take(EpollEvents events, ulong token)
    {
        if (token >= FirstGeneration)
            TakeDescriptor(events, token);
        else if (token >= FirstProcess)
            TakeProcess((int)(token - FirstProcess));
        else if (token == WakeToken)
            _queue.WakeSeen();
        else if (token == SecondToken)
            TakeSecond();
        else if (token == FilesToken)
            _files!.Drain();
        else if (token == ShownToken)
            (_complete, MustAskAgain) = (false, true);
        else if (token == ConnectorToken)
            DrainConnector();
        else if (token == MountsToken)
            TakeMounts();
        else if (token == BellToken)
            _bellUser?.Rung();
        else if (token >= FirstSignal)
            _signalFilter.MayBePending((int)(token - FirstSignal));
    }

    private unsafe void TakeSecond()
    {
        epoll_event* events = stackalloc epoll_event[SecondHarvest];
        int entries;
        do
        {
            entries = Look(_secondFd, events);
            for (int i = 0; i < entries; i++)
                TakeDescriptor((EpollEvents)events[i].events, events[i].data.u64);
        }
        while (entries == SecondHarvest);
    }

    /// <summary>What a set has now. A signal does not end a harvest.</summary>
    private static unsafe int Look(int set, epoll_event* events)
    {
        int entries;
        do
            entries = Native.EpollWait(set, events, SecondHarvest, 0);
        while (entries < 0 && Native.LastError() == Errno.EINTR);
        return Math.Max(0, entries);
    }

    private void TakeDescriptor(EpollEvents events, ulong token)
    {
        int fd = (int)((uint)token >> 1);
        bool second = (token & 1) != 0;
        ref Descriptor d = ref _descriptors[fd];
        if (d.Generation != (uint)(token >> 32))
        {
            TakeStale(token);
            return;
        }

        bool also = d.Harvest == _harvest;
        d.Ready = also ? d.Ready | events : events;
        d.HasEnded |= (events & (EpollEvents.HangUp | EpollEvents.ReadHangUp | EpollEvents.Error)) != 0;
        d.Told = (byte)((also ? d.Told : 0) | ToldBit(second));
        d.Harvest = _harvest;
        bool wanted = false;
        for (Knote? kn = d.Chain; kn is not null; kn = kn.Link)
        {
            if (kn.Is(KnoteStatus.Second) != second || (events & (Interest(kn) | EpollEvents.Always)) == 0)
                continue;
            if (!kn.Is(KnoteStatus.Disabled))
            {
                wanted = true;
                _queue.Activate(kn);
            }
            else if (second || d.IsEdge)
            {
                // CORE-DIS-003: remembered. A level-triggered registration will say it again.
                kn.Status |= KnoteStatus.Active;
            }
        }

        if (!wanted && !second && !d.IsEdge)
            LetGo(fd, ref d);
    }

    private static int ToldBit(bool second) => second ? 2 : 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static EpollEvents Interest(Knote kn) => ((DescriptorFilter)kn.Filter).Interest;
}
