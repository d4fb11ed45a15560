namespace LibKqueueSharp.Kernels.Tests;

/// <summary>From our spans through a C library and back: each field, in each system's struct and numbers.</summary>
[NonParallelizable]
public sealed class MarshallingTests
{
    [Test]
    public void StructHasTheSizeThatCSays([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi) =>
        Assert.That(EventBuffer.SizeOf(abi.Layout), Is.EqualTo(EchoLibrary.For(abi).Size));

    [Test]
    public void ChangesReachCWithItsOwnNumbers([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi, [Values(1, 3, 100)] int count)
    {
        using BackendQueue queue = Abis.Echo(abi, out EchoLibrary c);
        EventFilter[] filters = [.. Constants.FilterNames.Keys.Where(f => abi.Filters.Has(f) && Constants.Find(abi, Constants.FilterNames[f]) is not null)];

        // Their notes have other numbers in places (NoteTests).
        filters = [.. filters.Where(f => f is not (EventFilter.Timer or EventFilter.FileSystem))];
        KEvent[] changes = [.. Enumerable.Range(0, count).Select(i => Pattern(filters[i % filters.Length], i))];
        queue.Kevent(changes, [], KeventTimeout.Zero, null, out Errno error);
        Assert.That(error, Is.EqualTo(Errno.None));
        Assert.That((c.Calls, c.Given, c.Room), Is.EqualTo((1, (long)count, 0)));
        for (int i = 0; i < count; i++)
        {
            KEvent given = changes[i];
            CEvent expected = new(
                (long)given.Ident,
                Constants.Of(abi, Constants.FilterNames[given.Filter]) & (abi == KqueueAbi.NetBsd ? uint.MaxValue : -1L),
                (long)given.Flags,
                given.FFlags,
                given.Data,
                given.UData);
            Assert.That(c.Change(i), Is.EqualTo(expected), $"{given}");
            Assert.That(c.Extension(i), Is.All.Zero, "ext");
        }
    }

    [Test]
    public void EventsComeFromCInOurNumbers([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi, [Values(1, 3, 100)] int count)
    {
        using BackendQueue queue = Abis.Echo(abi, out EchoLibrary c);
        EventFilter[] filters = [.. Constants.FilterNames.Keys.Where(abi.Filters.Has)];
        KEvent[] expected = new KEvent[count];
        for (int i = 0; i < count; i++)
        {
            KEvent e = Pattern(filters[i % filters.Length], i);
            e.Flags = EventFlags.Clear | EventFlags.Dispatch | EventFlags.Eof;
            e.FFlags = 0;
            long data = e.Data;
            if (e.Filter == EventFilter.Aio)
                (e.Data, data) = ((long)Errno.ECANCELED, abi.Errors.ToSystem(Errno.ECANCELED));
            expected[i] = e;
            c.Answer(new((long)e.Ident, abi.Filters.ToSystem(e.Filter), (long)e.Flags, 0, data, e.UData));
        }

        KEvent[] events = new KEvent[count + 2];
        int taken = queue.Kevent([], events, KeventTimeout.Zero, null, out Errno error);
        Assert.That((taken, error), Is.EqualTo((count, Errno.None)));
        Assert.That(events[..count], Is.EqualTo(expected));
        Assert.That(events[count..], Is.All.EqualTo(default(KEvent)), "written behind the events");
        Assert.That((c.Calls, c.Room), Is.EqualTo((1, (long)count + 2)));
    }

    /// <summary>CALL-ALIAS-001, with a layout that is copied and with one that is not.</summary>
    [Test]
    public void ListsMayBeTheSameMemory([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi, [Values(1, 2, 100)] int count)
    {
        using BackendQueue queue = Abis.Echo(abi, out _, echoes: true);
        KEvent[] both = [.. Enumerable.Range(0, count).Select(i => Pattern(EventFilter.Write, i))];
        KEvent[] expected = [.. both.Select(Delivered)];
        Assert.That(queue.Kevent(both, both, KeventTimeout.Zero, null, out _), Is.EqualTo(count));
        Assert.That(both, Is.EqualTo(expected));

        KEvent Delivered(KEvent e)
        {
            e.Flags = EventFlags.Clear | (abi.Dialect.EchoActions ? EventFlags.Add : 0);
            return e;
        }
    }

    [TestCase(0L, 0L, 0L)]
    [TestCase(5L, 7L, 5_000_000_007L)]
    [TestCase(-1L, -1L, null)]
    public void TimeoutIsATimespec(long seconds, long nanoseconds, long? wait)
    {
        foreach (KqueueAbi abi in KqueueAbi.All)
        {
            using BackendQueue queue = Abis.Echo(abi, out EchoLibrary c);
            KeventTimeout timeout = wait is { } ns ? KeventTimeout.FromTimespec(ns / 1_000_000_000, ns % 1_000_000_000) : KeventTimeout.Infinite;
            queue.Kevent([], new KEvent[1], timeout, null, out _);
            Assert.That(c.Timeout, Is.EqualTo((seconds, nanoseconds)), abi.Name);
        }
    }

    /// <summary>When the kernel looks at a bad timeout is the kernel's affair (CALL-TMO-008, CALL-TMO-009): it has to see it.</summary>
    [Test]
    public void InvalidTimeoutReachesTheKernel()
    {
        using BackendQueue queue = Abis.Echo(KqueueAbi.FreeBsd, out EchoLibrary c);
        queue.Kevent([], new KEvent[1], KeventTimeout.FromTimespec(0, 2_000_000_000), null, out _);
        Assert.That(c.Calls, Is.EqualTo(1));
        Assert.That(c.Timeout.Nanoseconds is < 0 or >= 1_000_000_000 || c.Timeout.Seconds < 0, $"{c.Timeout}");
    }

    [Test]
    public void ErrorOfTheCallIsTranslated([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi)
    {
        using BackendQueue queue = Abis.Echo(abi, out EchoLibrary c);
        c.Fail(abi.Errors.ToSystem(Errno.ENOTSUP));
        int count = queue.Kevent([Pattern(EventFilter.Read, 1)], [], KeventTimeout.Zero, null, out Errno error);
        c.Reset(false);
        Assert.That((count, error), Is.EqualTo((-1, Errno.ENOTSUP)));
        Assert.That(queue.Describe(error), Does.EndWith($"({abi.Errors.ToSystem(Errno.ENOTSUP)})"));
    }

    [Test]
    public void ExceptionShowsTheSystemsNumberAndName()
    {
        EchoLibrary library = EchoLibrary.For(KqueueAbi.NetBsd);
        library.Reset(false);
        using Kqueue queue = Kqueue.Create(new BsdBackend(library.Path, KqueueAbi.NetBsd, Abis.Full(KqueueAbi.NetBsd)));
        library.Fail(86);
        KqueueException refused = Assert.Throws<KqueueException>(() => queue.Apply(Pattern(EventFilter.Read, 1)))!;
        library.Reset(false);
        Assert.That(refused.Error, Is.EqualTo(Errno.ENOTSUP));
        Assert.That(refused.Message, Does.Contain("ENOTSUP (86)"));
    }

    [Test]
    public void ErrorOfARecordIsTranslated([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi)
    {
        using BackendQueue queue = Abis.Echo(abi, out EchoLibrary c, Dialect.FreeBsd);
        c.Answer(new(7, abi.Filters.ToSystem(EventFilter.Read), 0x4001, 0, abi.Errors.ToSystem(Errno.ENOTSUP), 9));
        KEvent[] events = new KEvent[1];
        Assert.That(queue.Kevent([], events, KeventTimeout.Zero, null, out _), Is.EqualTo(1));
        Assert.That(events[0], Is.EqualTo(new KEvent(7, EventFilter.Read, EventFlags.Error, 0, (long)Errno.ENOTSUP, 9)));
    }

    [Test]
    public void ErrorOfASocketIsTranslated([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi)
    {
        using BackendQueue queue = Abis.Echo(abi, out EchoLibrary c);
        c.Answer(new(7, abi.Filters.ToSystem(EventFilter.Write), 0x8000, abi.Errors.ToSystem(Errno.ECONNREFUSED), 0, 0));
        KEvent[] events = new KEvent[1];
        queue.Kevent([], events, KeventTimeout.Zero, null, out _);
        Assert.That(events[0].FFlags, Is.EqualTo((uint)Errno.ECONNREFUSED), $"{events[0]}");
    }

    [Test]
    public void QueueIsClosedOnExec()
    {
        using BackendQueue queue = Abis.Echo(KqueueAbi.FreeBsd, out _);
        string flags = File.ReadLines($"/proc/self/fdinfo/{queue.Descriptor.DangerousGetHandle()}").Single(line => line.StartsWith("flags:", StringComparison.Ordinal));
        Assert.That(Convert.ToInt32(flags.Split('\t')[1], 8) & 0x80000, Is.Not.Zero, flags);
    }

    // Distinct in each byte of each field.
    private static KEvent Pattern(EventFilter filter, int i) => new(
        unchecked((nuint)0x1112131415161700 + (nuint)i),
        filter,
        EventFlags.Add | EventFlags.Clear,
        filter is EventFilter.Signal or EventFilter.User ? 0x00a2a300u + (uint)i : 1,
        unchecked(0x2122232425262700 + i),
        unchecked((nint)0x3132333435363700 + i));
}
