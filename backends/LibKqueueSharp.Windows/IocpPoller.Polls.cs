using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Windows;

/// <summary>Polls: how they begin, and what becomes of their packets.</summary>
internal sealed partial class IocpPoller
{
    private const int ClosePatience = 5_000;
    private const int MostAbandoned = 64;

    private readonly List<Poll> _polls = [];
    private readonly Stack<Poll> _idle = [];

    /// <summary>
    /// Packets of polls that are still to come. Interlocked: who takes one may find the queue closed, and then it goes no further. A packet
    /// may be counted before its poll is.
    /// </summary>
    private int _outstanding;

    /// <summary>
    /// Asks AFD what holds now; where that is nothing, AFD watches from now on. So one call is both f_event and the registration.
    /// </summary>
    internal Errno Ask(Interest interest, AfdEvents wanted, out AfdEvents found)
    {
        wanted |= AfdEvents.LocalClose;
        found = AfdEvents.None;
        if (interest.Poll is { } pending)
        {
            if (pending.Asked == wanted)
                return Errno.None;
            Abandon(ref interest.Poll);
        }

        int status = Submit(interest.Socket, wanted, out Poll poll);
        if (poll.IsPending && status == Native.StatusPending)
        {
            poll.Interest = interest;
            interest.Poll = poll;
            return Errno.None;
        }

        if (status == Native.StatusSuccess)
            found = Sys.Found(poll.Block);
        return status == Native.StatusSuccess ? Errno.None : ToErrno(status);
    }

    /// <summary>Gives a poll up. It stays what it is until its packet came back.</summary>
    internal static void Abandon(ref Poll? poll)
    {
        if (poll is null)
            return;
        poll.Interest = null;
        poll.Guarded = null;
        Sys.Cancel(poll.Afd, poll.Block);
        poll = null;
    }

    internal override void Harvest(ReadOnlySpan<byte> scratch, int entries)
    {
        if (entries <= 0)
            return;
        bool asked = Take(scratch, entries);
        TakeRest(entries >= ScratchSize / Marshal.SizeOf<Native.Packet>(), asked);
        Interlocked.Add(ref _inHand, -entries);
        _processes.Harvested(IsSettled);
    }

    /// <summary>
    /// Each EV_ADD for a watched socket abandons a guard, whose packet waits in the port while nobody scans: too many are taken out at once. Called where
    /// nothing goes through the knotes, as a packet may drop some.
    /// </summary>
    internal void TakeBack()
    {
        if (_polls.Count - _idle.Count <= _sockets.Count + _interest + MostAbandoned)
            return;
        TakeRest(full: true, asked: false);
        _processes.Harvested(IsSettled);
    }

    /// <summary>
    /// Takes what is left in the port, which belongs to this moment too (CALL-NEV-007): the closing of a socket above all. A directory that is asked again
    /// answers at once with what it kept meanwhile; twice, so that a file that is written all the time holds nobody up.
    /// </summary>
    private void TakeRest(bool full, bool asked)
    {
        Span<byte> more = stackalloc byte[ScratchSize];
        int room = ScratchSize / Marshal.SizeOf<Native.Packet>();
        for (int answers = 2; full || (asked && answers > 0); answers--)
        {
            int count = Sys.TakePackets(_port, more, 0);
            Seen(more, count);
            asked = Take(more, count);
            full = count == room;
        }
    }

    /// <returns>True when a directory was asked again.</returns>
    private bool Take(ReadOnlySpan<byte> scratch, int entries)
    {
        bool asked = false;
        foreach (ref readonly Native.Packet packet in MemoryMarshal.Cast<byte, Native.Packet>(scratch)[..entries])
        {
            if (packet.Key == PollKey)
                TakePoll(_polls[(int)packet.Context - 1]);
            else if (packet.Key == WakeKey)
                _queue.WakeSeen();
            else if (packet.Key == DirectoryKey)
                asked |= _files!.Take(packet.Context, packet.Bytes, failed: (int)packet.Status < 0);
            else if (packet.Key == ProcessKey)
                _processes.ToldOfExit(packet.Context);
            else if (packet.Key >= FirstJobKey)
                _processes.Told(packet.Key, packet.Bytes, (nuint)packet.Context);
        }

        return asked;
    }

    private void TakePoll(Poll poll)
    {
        Debug.Assert(poll.IsPending);
        Interest? interest = poll.Interest;
        WatchedSocket? guarded = poll.Guarded;
        AfdEvents found = Sys.Found(poll.Block);
        Release(poll);
        if (guarded is not null)
        {
            guarded.Guard = null;
            if ((found & AfdEvents.LocalClose) != 0 || StartGuard(guarded) != Errno.None)
                Drop(guarded.Ident);
        }
        else if (interest is not null)
        {
            interest.Poll = null;
            if ((found & AfdEvents.LocalClose) != 0)
                Drop(interest.Socket.Ident);
            else
                _queue.Activate(interest.Knote);
        }
    }

    private int Submit(WatchedSocket socket, AfdEvents wanted, out Poll poll)
    {
        poll = NewPoll();
        AfdHandle afd = socket.Afd!;
        poll.Afd = afd.Handle;
        poll.Asked = wanted;
        int status = Sys.Poll(afd.Handle, poll.Block, socket.Base, wanted, poll.Number);

        // Where the port hears of successes too, the block is in use until it has.
        poll.IsPending = status == Native.StatusPending || (status >= 0 && !afd.Skips);
        if (poll.IsPending)
            Interlocked.Increment(ref _outstanding);
        else
            _idle.Push(poll);
        return status;
    }

    private Poll NewPoll()
    {
        if (_idle.TryPop(out Poll? poll))
            return poll;
        poll = new Poll(_polls.Count + 1);
        _polls.Add(poll);
        return poll;
    }

    private void Release(Poll poll)
    {
        poll.IsPending = false;
        poll.Interest = null;
        poll.Guarded = null;
        _idle.Push(poll);
    }

    /// <summary>
    /// Cancels what is under way and takes all packets back, so that the kernel writes to none of the blocks any more. Where a packet does not
    /// come, its block is left to the process.
    /// </summary>
    private void EndPolls()
    {
        foreach (Poll poll in _polls)
        {
            if (poll.IsPending)
                Sys.Cancel(poll.Afd, poll.Block);
        }

        Span<byte> scratch = stackalloc byte[ScratchSize];
        long began = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _outstanding) > 0 && Stopwatch.GetElapsedTime(began).TotalMilliseconds < ClosePatience)
        {
            int count = Sys.TakePackets(_port, scratch, ClosePatience);
            foreach (ref readonly Native.Packet packet in MemoryMarshal.Cast<byte, Native.Packet>(scratch)[..count])
            {
                if (packet.Key != PollKey)
                    continue;
                _polls[(int)packet.Context - 1].IsPending = false;
                Interlocked.Decrement(ref _outstanding);
            }
        }

        bool all = Volatile.Read(ref _outstanding) == 0;
        foreach (Poll poll in _polls)
        {
            if (all || !poll.IsPending)
                Sys.FreeBlock(poll.Block);
        }
    }

    private static Errno ToErrno(int status) => status switch
    {
        Native.StatusInvalidHandle => Errno.EBADF,
        Native.StatusObjectTypeMismatch => Errno.ENOTSUP,
        Native.StatusNoMemory or Native.StatusInsufficientResources => Errno.ENOMEM,
        _ => Errno.EIO,
    };
}
