using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kernels;

/// <summary>
/// Makes calls of kevent(2) with our lists: handed on where they have the kernel's bits, copied to the stack or a pooled buffer where not.
/// Any thread may call any member.
/// </summary>
internal sealed class Marshaller(KqueueAbi abi, KqueueLibrary library, Translator translator)
{
    private const int StackBytes = 2048;

    /// <summary>One call of kevent(2).</summary>
    /// <param name="kq">The queue.</param>
    /// <param name="waker">The queue's own event; null for none.</param>
    /// <param name="changes">The changelist.</param>
    /// <param name="events">The eventlist.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="woken">True when the queue's own event was among the events; it is taken out.</param>
    /// <param name="error">Why it failed.</param>
    /// <returns>The number of events, or -1.</returns>
    internal int Call(
        int kq,
        Waker? waker,
        ReadOnlySpan<KEvent> changes,
        Span<KEvent> events,
        KeventTimeout timeout,
        out bool woken,
        out Errno error)
    {
        if (changes.IsEmpty)
            return CallWith(kq, waker, [], 0, events, timeout, out woken, out error);
        int count = changes.Length == 1 && abi.Layout == EventLayout.SameAsOurs && !translator.NeedsTrigger(changes[0])
            ? CallWithOne(kq, waker, changes, events, timeout, out woken, out error)
            : CallTranslated(kq, waker, changes, events, timeout, out woken, out error);
        translator.TakeBack(changes, events, count, error);
        return count;
    }

    private int CallWithOne(
        int kq,
        Waker? waker,
        ReadOnlySpan<KEvent> changes,
        Span<KEvent> events,
        KeventTimeout timeout,
        out bool woken,
        out Errno error)
    {
        RawEvent raw = translator.ToSystem(changes[0]);
        if (raw.IsSameAs(changes[0]))
            return CallWith(kq, waker, MemoryMarshal.AsBytes(changes), 1, events, timeout, out woken, out error);
        KEvent sent = new(raw.Ident, (EventFilter)raw.Filter, (EventFlags)raw.Flags, raw.FFlags, raw.Data, raw.UData);
        return CallWith(kq, waker, MemoryMarshal.AsBytes(new ReadOnlySpan<KEvent>(in sent)), 1, events, timeout, out woken, out error);
    }

    [SkipLocalsInit]
    private int CallTranslated(
        int kq,
        Waker? waker,
        ReadOnlySpan<KEvent> changes,
        Span<KEvent> events,
        KeventTimeout timeout,
        out bool woken,
        out Errno error)
    {
        int triggers = 0;
        foreach (ref readonly KEvent change in changes)
            triggers += translator.NeedsTrigger(change) ? 1 : 0;

        // Those that have the kernel's bits are handed on where they are: nothing is copied unless one has to be translated.
        RawEvent raw = default;
        int same = 0;
        if (abi.Layout == EventLayout.SameAsOurs && triggers == 0)
        {
            while (same < changes.Length && (raw = translator.ToSystem(changes[same])).IsSameAs(changes[same]))
                same++;
            if (same == changes.Length)
                return CallWith(kq, waker, MemoryMarshal.AsBytes(changes), same, events, timeout, out woken, out error);
        }
        else
        {
            raw = translator.ToSystem(changes[0]);
        }

        int bytes = (changes.Length + triggers) * EventBuffer.SizeOf(abi.Layout);
        byte[]? rented = bytes > StackBytes ? ArrayPool<byte>.Shared.Rent(bytes) : null;
        Span<byte> buffer = rented ?? stackalloc byte[StackBytes];
        MemoryMarshal.AsBytes(changes[..same]).CopyTo(buffer);
        int length = same;
        for (int i = same; i < changes.Length; i++)
        {
            ref readonly KEvent change = ref changes[i];
            if (i != same)
                raw = translator.ToSystem(change);
            EventBuffer.Write(abi.Layout, buffer, length++, raw);
            if (triggers != 0 && translator.NeedsTrigger(change) && !FilterNumbers.IsRefused(raw.Filter))
                EventBuffer.Write(abi.Layout, buffer, length++, translator.TriggerAfter(change));
        }

        int count = CallWith(kq, waker, buffer, length, events, timeout, out woken, out error);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return count;
    }

    private int CallWith(
        int kq,
        Waker? waker,
        ReadOnlySpan<byte> changes,
        int changeCount,
        Span<KEvent> events,
        KeventTimeout timeout,
        out bool woken,
        out Errno error)
    {
        if (!events.IsEmpty && (abi.Layout != EventLayout.SameAsOurs || HasOldRecord(events, changeCount)))
            return CallIntoBuffer(kq, waker, changes, changeCount, events, timeout, out woken, out error);
        Span<byte> room = MemoryMarshal.AsBytes(events);
        int count = library.Kevent(kq, changes, changeCount, room, events.Length, timeout, out int number);
        if (count <= 0)
            ShowRecords(room, Math.Min(changeCount, events.Length), events);
        return Translated(waker, room, count, number, events, out woken, out error);
    }

    [SkipLocalsInit]
    private int CallIntoBuffer(
        int kq,
        Waker? waker,
        ReadOnlySpan<byte> changes,
        int changeCount,
        Span<KEvent> events,
        KeventTimeout timeout,
        out bool woken,
        out Errno error)
    {
        int bytes = events.Length * EventBuffer.SizeOf(abi.Layout);
        byte[]? rented = bytes > StackBytes ? ArrayPool<byte>.Shared.Rent(bytes) : null;
        Span<byte> room = rented ?? stackalloc byte[StackBytes];
        int mostRecords = Math.Min(changeCount, events.Length);
        room[..(mostRecords * EventBuffer.SizeOf(abi.Layout))].Clear();
        int count = library.Kevent(kq, changes, changeCount, room, events.Length, timeout, out int number);
        if (count <= 0)
            ShowRecords(room, mostRecords, events);
        count = Translated(waker, room, count, number, events, out woken, out error);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return count;
    }

    // A record that was in the caller's list before could be taken for one that a failing call has written there.
    private static bool HasOldRecord(ReadOnlySpan<KEvent> events, int changeCount)
    {
        for (int i = 0; i < events.Length && i < changeCount; i++)
        {
            if (events[i].IsRecord)
                return true;
        }

        return false;
    }

    // CALL-ERR-006, CORE-RCP-005: what a failing call had written already is there to be seen, though it is not counted.
    private void ShowRecords(ReadOnlySpan<byte> room, int most, Span<KEvent> events)
    {
        for (int i = 0; i < most; i++)
        {
            RawEvent raw = EventBuffer.Read(abi.Layout, room, i);
            if ((raw.Flags & (uint)EventFlags.Error) == 0)
                return;
            events[i] = translator.FromSystem(raw);
        }
    }

    // The room may be the events themselves: each is read before it is written, and none is written behind its own place.
    private int Translated(
        Waker? waker,
        ReadOnlySpan<byte> room,
        int count,
        int number,
        Span<KEvent> events,
        out bool woken,
        out Errno error)
    {
        woken = false;
        error = count < 0 ? abi.Errors.FromSystem(number) : Errno.None;
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            RawEvent raw = EventBuffer.Read(abi.Layout, room, i);
            bool isOurs = translator.TryFromSystem(raw, out KEvent e);
            if (waker?.Is(e) == true)
            {
                woken = true;
                waker.Taken();
                continue;
            }

            // The event of an operation that is gone ends no wait.
            if (!isOurs)
            {
                woken = true;
                continue;
            }

            events[kept++] = e;
        }

        return count < 0 ? count : kept;
    }
}
