namespace LibKqueueSharp.Kernels.Tests;

/// <summary>What went wrong once between our lists and a C library's.</summary>
[NonParallelizable]
public sealed class HazardTests
{
    private static IEnumerable<KqueueAbi> Uncopied() => KqueueAbi.All.Where(abi => abi.Layout == EventLayout.SameAsOurs);

    /// <summary>CALL-NEV-005: a record of an earlier call that is still in the list is not one that a failing call has written.</summary>
    [Test]
    public void OldRecordInTheListStaysAsItIs([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi, [Values] bool fails)
    {
        using BackendQueue queue = Abis.Echo(abi, out EchoLibrary c);
        KEvent old = new(5, EventFilter.User, EventFlags.Error | EventFlags.Add, 0, (long)Errno.EAGAIN, 6);
        KEvent[] events = [old, old];
        if (fails)
            c.Fail(4);
        queue.Kevent([new(1, EventFilter.Read, EventFlags.Add), new(2, EventFilter.Read, EventFlags.Add)], events, KeventTimeout.Zero, null, out _);
        c.Reset(false);
        Assert.That(events, Is.All.EqualTo(old));
    }

    /// <summary>USER-003: where a trigger has to follow the EV_ADD, none follows one that is refused: it would be another change, of somebody else's event.</summary>
    [Test]
    public void RefusedChangeTriggersNothing(
        [ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi,
        [Values(Translator.WakeIdent, AioOperations.FirstAio + 64, 9ul)] ulong ident)
    {
        Dialect dialect = Dialect.FreeBsd with { UserTriggersOnAdd = true };
        KernelTraits traits = Abis.Full(abi) with { TriggersOnAdd = false, KeepsUData = false };
        using BackendQueue queue = Abis.Echo(abi, out EchoLibrary c, dialect, traits);
        KEvent refused = new((nuint)ident, EventFilter.User, EventFlags.Add | EventFlags.KeepUData, (uint)UserNotes.Trigger);
        KEvent good = new(8, EventFilter.User, EventFlags.Add, (uint)UserNotes.Trigger);
        queue.Kevent([refused, good, refused], new KEvent[4], KeventTimeout.Zero, null, out _);
        Assert.That(Enumerable.Range(0, (int)c.Given).Select(i => c.Change(i).Ident), Is.EqualTo(new[] { (long)ident, 8, 8, (long)ident }));
    }

    /// <summary>Where the layouts are the same, the changes are the caller's own memory.</summary>
    [Test]
    public unsafe void ChangesWithTheKernelsBitsAreNotCopied([ValueSource(nameof(Uncopied))] KqueueAbi abi, [Values(1, 2, 100)] int count)
    {
        using BackendQueue queue = Abis.Echo(abi, out EchoLibrary c);
        KEvent[] changes = [.. Enumerable.Range(0, count).Select(i => new KEvent((nuint)i, EventFilter.Write, EventFlags.Add, udata: i))];
        fixed (KEvent* at = changes)
        {
            queue.Kevent(changes, [], KeventTimeout.Zero, null, out _);
            Assert.That(c.ChangesAt, Is.EqualTo((nint)at), "copied");
        }
    }

    /// <summary>A change in the middle that has to be translated, with those around it.</summary>
    [Test]
    public void TranslatedChangeKeepsItsPlace([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi, [Values(0, 1, 2, 90)] int place)
    {
        using BackendQueue queue = Abis.Echo(abi, out EchoLibrary c);
        KEvent[] changes = [.. Enumerable.Range(0, 91).Select(i => new KEvent((nuint)i, EventFilter.Write, EventFlags.Add, udata: i))];
        changes[place] = new((nuint)place, EventFilter.Timer, EventFlags.Add, (uint)TimerNotes.Seconds | (uint)TimerNotes.Absolute, 5, place);
        queue.Kevent(changes, [], KeventTimeout.Zero, null, out _);
        Assert.That(c.Given, Is.EqualTo(91));
        RawEvent expected = Abis.Translator(abi).ToSystem(changes[place]);
        Assert.That(Enumerable.Range(0, 91).Select(i => c.Change(i).Ident), Is.EqualTo(Enumerable.Range(0, 91).Select(i => (long)i)));
        Assert.That((c.Change(place).FFlags, c.Change(place).UData), Is.EqualTo(((long)expected.FFlags, (long)place)));
    }

    /// <summary>itimerfix(9) of older kernels refuses more than 100,000,000 seconds; CALL-TMO-010 wants a wait.</summary>
    [TestCase(100_000_000, 100_000_000)]
    [TestCase(100_000_001, -1)]
    [TestCase(5_000_000_000, -1)]
    public void ThreeYearsAreNoEnd(long seconds, long told)
    {
        using BackendQueue queue = Abis.Echo(KqueueAbi.OpenBsd, out EchoLibrary c);
        queue.Kevent([], new KEvent[1], KeventTimeout.FromTimespec(seconds, 0), null, out _);
        Assert.That(c.Timeout.Seconds, Is.EqualTo(told));
    }

    [Test]
    public void AbiMustBeGiven() =>
        Assert.Throws<ArgumentNullException>(() => _ = new BsdBackend(EchoLibrary.For(KqueueAbi.MacOs).Path, null!));

    [Test]
    public void MissingLibraryIsNamed()
    {
        Assert.Throws<DllNotFoundException>(() => _ = new BsdBackend("./no-such-library.so", KqueueAbi.MacOs));
        Assert.Throws<DllNotFoundException>(() => _ = new BsdBackend("", KqueueAbi.MacOs));
        Assert.Throws<EntryPointNotFoundException>(() => _ = new BsdBackend("libc.so.6", KqueueAbi.MacOs));
        Assert.Throws<EntryPointNotFoundException>(() => _ = new BsdBackend(EchoLibrary.For(KqueueAbi.MacOs).Path, KqueueAbi.NetBsd));
    }

    [Test]
    public void LibraryIsFoundByARelativePath()
    {
        string path = Path.GetRelativePath(Environment.CurrentDirectory, EchoLibrary.For(KqueueAbi.MacOs).Path);
        using BackendQueue queue = new BsdBackend(path.StartsWith('.') ? path : "./" + path, KqueueAbi.MacOs, Abis.Full(KqueueAbi.MacOs)).CreateQueue(Dialect.FreeBsd);
        Assert.That(queue.DescriptorCount, Is.EqualTo(1));
    }

    /// <summary>EVFILT_SENDFILE has a number on FreeBSD, and no change that anybody could make.</summary>
    [Test]
    public void SendFileIsNotOffered()
    {
        EchoLibrary.For(KqueueAbi.FreeBsd).Reset(false);
        KqueueCapabilities offered = new BsdBackend(EchoLibrary.For(KqueueAbi.FreeBsd).Path, KqueueAbi.FreeBsd, Abis.Full(KqueueAbi.FreeBsd)).Capabilities;
        Assert.That(offered.Supports(EventFilter.SendFile), Is.False);
    }

    /// <summary>A change that the kernel has refused does not change what EV_KEEPUDATA keeps.</summary>
    [Test]
    public void RefusedChangeIsNotRemembered([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi, [Values] bool withRoom)
    {
        KEvent change = new(7, EventFilter.Read, EventFlags.Add, udata: 5);
        using BackendQueue queue = Abis.Echo(abi, out EchoLibrary c, Dialect.FreeBsd, Abis.Full(abi) with { KeepsUData = false });
        queue.Kevent([change], [], KeventTimeout.Zero, null, out _);
        if (withRoom)
            c.Answer(new(7, abi.Filters.ToSystem(EventFilter.Read), (long)EventFlags.Error, 0, 22, 6));
        else
            c.Fail(22);
        queue.Kevent([change with { UData = 6 }], withRoom ? new KEvent[1] : [], KeventTimeout.Zero, null, out _);
        c.Reset(false);
        queue.Kevent([new(7, EventFilter.Read, EventFlags.Disable | EventFlags.KeepUData, udata: 9)], [], KeventTimeout.Zero, null, out _);
        Assert.That(c.Change(0).UData, Is.EqualTo(5));
    }
}
