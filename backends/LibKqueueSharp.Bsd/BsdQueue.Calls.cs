using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kernels;

/// <summary>The lists of a call: handed on where they have the kernel's bits, copied to the stack or a pooled buffer where not.</summary>
internal sealed partial class BsdQueue
{
    private const int StackBytes = 2048;

    /// <summary>One call of kevent(2).</summary>
    /// <param name="changes">The changelist.</param>
    /// <param name="events">The eventlist.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="woken">True when the queue's own wake-up was among the events; it is taken out.</param>
    /// <param name="error">Why it failed.</param>
    private int Call(ReadOnlySpan<KEvent> changes, Span<KEvent> events, KeventTimeout timeout, out bool woken, out Errno error)
    {
        if (changes.IsEmpty || (_abi.Layout == EventLayout.SameAsOurs && changes.Length == 1 && CanHandOn(changes[0])))
            return CallWith(MemoryMarshal.AsBytes(changes), changes.Length, events, timeout, out woken, out error);
        return CallTranslated(changes, events, timeout, out woken, out error);
    }

    private bool CanHandOn(in KEvent change) => !_translator.NeedsTrigger(change) && _translator.ToSystem(change).IsSameAs(change);

    [SkipLocalsInit]
    private int CallTranslated(ReadOnlySpan<KEvent> changes, Span<KEvent> events, KeventTimeout timeout, out bool woken, out Errno error)
    {
        int triggers = 0;
        foreach (ref readonly KEvent change in changes)
            triggers += _translator.NeedsTrigger(change) ? 1 : 0;

        int bytes = (changes.Length + triggers) * EventBuffer.SizeOf(_abi.Layout);
        byte[]? rented = bytes > StackBytes ? ArrayPool<byte>.Shared.Rent(bytes) : null;
        Span<byte> buffer = rented ?? stackalloc byte[StackBytes];
        int length = 0;
        foreach (ref readonly KEvent change in changes)
        {
            EventBuffer.Write(_abi.Layout, buffer, length++, _translator.ToSystem(change));
            if (triggers != 0 && _translator.NeedsTrigger(change))
                EventBuffer.Write(_abi.Layout, buffer, length++, _translator.TriggerAfter(change));
        }

        int count = CallWith(buffer, length, events, timeout, out woken, out error);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return count;
    }

    private int CallWith(ReadOnlySpan<byte> changes, int changeCount, Span<KEvent> events, KeventTimeout timeout, out bool woken, out Errno error)
    {
        if (_abi.Layout != EventLayout.SameAsOurs && !events.IsEmpty)
            return CallIntoBuffer(changes, changeCount, events, timeout, out woken, out error);
        Span<byte> room = MemoryMarshal.AsBytes(events);
        int count = _library.Kevent(_kq, changes, changeCount, room, events.Length, timeout, out int number);
        if (count <= 0)
            ShowRecords(room, Math.Min(changeCount, events.Length), events);
        return Translated(room, count, number, events, out woken, out error);
    }

    [SkipLocalsInit]
    private int CallIntoBuffer(ReadOnlySpan<byte> changes, int changeCount, Span<KEvent> events, KeventTimeout timeout, out bool woken, out Errno error)
    {
        int bytes = events.Length * EventBuffer.SizeOf(_abi.Layout);
        byte[]? rented = bytes > StackBytes ? ArrayPool<byte>.Shared.Rent(bytes) : null;
        Span<byte> room = rented ?? stackalloc byte[StackBytes];
        int mostRecords = Math.Min(changeCount, events.Length);
        room[..(mostRecords * EventBuffer.SizeOf(_abi.Layout))].Clear();
        int count = _library.Kevent(_kq, changes, changeCount, room, events.Length, timeout, out int number);
        if (count <= 0)
            ShowRecords(room, mostRecords, events);
        count = Translated(room, count, number, events, out woken, out error);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return count;
    }

    // CALL-ERR-006, CORE-RCP-005: what a failing call had written already is there to be seen, though it is not counted.
    private void ShowRecords(ReadOnlySpan<byte> room, int most, Span<KEvent> events)
    {
        for (int i = 0; i < most; i++)
        {
            RawEvent raw = EventBuffer.Read(_abi.Layout, room, i);
            if ((raw.Flags & (uint)EventFlags.Error) == 0)
                return;
            events[i] = _translator.FromSystem(raw);
        }
    }

    // The room may be the events themselves: each is read before it is written, and none is written behind its own place.
    private int Translated(ReadOnlySpan<byte> room, int count, int number, Span<KEvent> events, out bool woken, out Errno error)
    {
        woken = false;
        error = count < 0 ? _abi.Errors.FromSystem(number) : Errno.None;
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            RawEvent raw = EventBuffer.Read(_abi.Layout, room, i);
            KEvent e = _translator.FromSystem(raw);
            if (_waker.Is(e))
            {
                woken = true;
                _waker.Taken();
                continue;
            }

            events[kept++] = e;
        }

        return count < 0 ? count : kept;
    }
}
