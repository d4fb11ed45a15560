using FsCheck;
using FsCheck.Fluent;

namespace LibKqueueSharp.Kernels.Tests;

/// <summary>Any event there and back, and back and there, in every ABI.</summary>
public sealed class RoundTripTests
{
    private const EventFlags Attributes =
        EventFlags.Add | EventFlags.Delete | EventFlags.Enable | EventFlags.Disable
        | EventFlags.OneShot | EventFlags.Clear | EventFlags.Receipt | EventFlags.Dispatch;

    /// <summary>A change that is not refused comes back as it was, when the dialect echoes actions; milliseconds spelled out may come back as the default.</summary>
    [Property(MaxTest = 2000)]
    public void ThereAndBack(int which, ulong ident, byte filterIndex, ushort flags, uint notes, long data, long udata)
    {
        KqueueAbi abi = KqueueAbi.All[(int)((uint)which % (uint)KqueueAbi.All.Count)];
        Dialect dialect = abi.Dialect with { EchoActions = true, HasForceOneShotAndKeepUData = false, ProcessStatusNeedsNote = true };
        EventFilter filter = (EventFilter)(short)-(1 + (filterIndex % 16));
        KEvent change = new((nuint)ident, filter, (EventFlags)flags & Attributes & ~EventFlags.OneShot, Sensible(filter, notes), data, (nint)udata);
        if ((change.Flags & (EventFlags.Add | EventFlags.Delete)) == EventFlags.Delete)
            change.FFlags = 0;
        Translator translator = Abis.Translator(abi, dialect, Abis.Full(abi) with { TriggersOnAdd = dialect.UserTriggersOnAdd });

        RawEvent raw = translator.ToSystem(change);
        byte[] buffer = new byte[EventBuffer.SizeOf(abi.Layout)];
        EventBuffer.Write(abi.Layout, buffer, 0, raw);
        RawEvent read = EventBuffer.Read(abi.Layout, buffer, 0);
        Assert.That(read, Is.EqualTo(raw), $"{abi}: {change}, in memory");

        KEvent expected = change;
        if (FilterNumbers.IsRefused(raw.Filter))
        {
            read.Flags |= (uint)EventFlags.Error;
            read.Data = (long)Errno.EINVAL;
            expected.Flags = EventFlags.Error | (dialect.RecordsEchoChange ? change.Flags : 0);
            expected.Data = (long)Errno.EINVAL;
        }
        else
        {
            expected = Normalized(abi, change);
            if (abi.Timers == TimerEncoding.MillisecondsOnly && filter == EventFilter.Timer)
                (expected.Data, expected.Flags) = (raw.Data, (EventFlags)raw.Flags);
        }

        Assert.That(translator.FromSystem(read), Is.EqualTo(expected), $"{abi}: {change}");
    }

    /// <summary>An event that a system can deliver is the same after a way back, in each field. The data of EVFILT_AIO is an error, and goes one way only.</summary>
    [Property(MaxTest = 2000)]
    public void BackAndThere(int which, ulong ident, byte filterIndex, byte attributes, ushort notes, long data, long udata)
    {
        KqueueAbi abi = KqueueAbi.All[(int)((uint)which % (uint)KqueueAbi.All.Count)];
        EventFilter[] filters = [.. Constants.FilterNames.Keys.Where(f => abi.Filters.Has(f) && f is not (EventFilter.Timer or EventFilter.Aio))];
        EventFilter filter = filters[filterIndex % filters.Length];
        RawEvent given = new()
        {
            Ident = (nuint)ident,
            Filter = abi.Filters.ToSystem(filter),
            Flags = attributes & 0xe0u,
            FFlags = NativeNotes(abi, filter, notes),
            Data = data,
            UData = (nint)udata,
        };
        Translator translator = Abis.Translator(abi, abi.Dialect with { EchoActions = false, ProcessStatusNeedsNote = true });
        KEvent e = translator.FromSystem(given);
        Assert.That(e.Filter, Is.EqualTo(filter));
        Assert.That(translator.ToSystem(e), Is.EqualTo(given), $"{abi}: {e}");
    }

    private static uint Sensible(EventFilter filter, uint notes) => filter switch
    {
        EventFilter.Process or EventFilter.ProcessDescriptor => notes & ~(uint)ProcessNotes.ExitStatus,
        EventFilter.Vnode => notes & 0xfff,
        EventFilter.FileSystem => notes & (uint)(FileSystemNotes.Mount | FileSystemNotes.Unmount),
        EventFilter.Timer => (notes & 0x10) | ((notes & 0x20) != 0 ? 1u << (int)(notes & 3) : 0),
        _ => notes,
    };

    private static KEvent Normalized(KqueueAbi abi, KEvent change)
    {
        if (change.Filter == EventFilter.Aio)
            change.Data = (long)abi.Errors.FromSystem(change.Data);
        if (change.Filter != EventFilter.Timer)
            return change;
        if (abi.Timers == TimerEncoding.MillisecondsOnly)
            change.FFlags = 0;
        else if (abi.Timers != TimerEncoding.Ours)
            change.FFlags &= ~(uint)TimerNotes.Milliseconds;
        return change;
    }

    private static uint NativeNotes(KqueueAbi abi, EventFilter filter, uint notes) => filter switch
    {
        EventFilter.Read => notes & (abi.Notes.HasFilePoll ? 3u : 1u),
        EventFilter.Vnode => notes & (0x7fu | (abi.Notes.HasUses ? 0x780u : 0) | abi.Notes.Truncate),
        EventFilter.FileSystem when abi == KqueueAbi.NetBsd => notes & 3u,
        _ => notes,
    };
}
