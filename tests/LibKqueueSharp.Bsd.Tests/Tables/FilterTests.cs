namespace LibKqueueSharp.Kernels.Tests;

/// <summary>The numbers of the filters, beside the table.</summary>
public sealed class FilterTests
{
    // Not in libkqueue's header; a library that serves them uses FreeBSD's numbers, or ours.
    private static readonly EventFilter[] s_beyondLibKqueue =
        [EventFilter.ProcessDescriptor, EventFilter.Empty, EventFilter.Jail, EventFilter.JailDescriptor, EventFilter.Except];

    private static IEnumerable<TestCaseData> Filters() =>
        from abi in KqueueAbi.All
        from filter in Constants.FilterNames.Keys
        select new TestCaseData(abi, filter).SetArgDisplayNames(abi.Name, filter.ToString());

    [TestCaseSource(nameof(Filters))]
    public void NumberIsTheSystems(KqueueAbi abi, EventFilter filter)
    {
        long? expected = Constants.Find(abi, Constants.FilterNames[filter]);
        if (expected is null && abi == KqueueAbi.LibKqueue && s_beyondLibKqueue.Contains(filter))
            expected = (long)filter;
        int number = abi.Filters.ToSystem(filter);
        Assert.That(abi.Filters.Has(filter), Is.EqualTo(expected is not null));
        Assert.That(FilterNumbers.IsRefused(number), Is.EqualTo(expected is null), $"{number}");
        if (expected is not null)
            Assert.That(number, Is.EqualTo(expected));
        Assert.That(abi.Filters.FromSystem(number), Is.EqualTo(filter), "on the way back");
    }

    [Test]
    public void NoTwoFiltersShareANumber([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi) =>
        Assert.That(Constants.FilterNames.Keys.Select(abi.Filters.ToSystem), Is.Unique);

    /// <summary>A number of nobody's must not become a filter on NetBSD, where filters count up from 0.</summary>
    [Test]
    public void ForeignNumbersStayForeign(
        [ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi,
        [Values(1, 2, 5, 8, 9, 31, 32, 100, -32, -33, -100, short.MinValue)] short number)
    {
        int sent = abi.Filters.ToSystem((EventFilter)number);
        long[] known = [.. Constants.FilterNames.Values.Select(name => Constants.Find(abi, name)).OfType<long>()];
        Assert.That(known, Does.Not.Contain((long)sent));
        Assert.That(abi.Filters.FromSystem(sent), Is.EqualTo((EventFilter)number));
    }

    /// <summary>Collisions that hurt: another system's filter under the number of one of ours.</summary>
    [Test]
    public void CollidingNumbersAreNeverSentRaw()
    {
        Assert.Multiple(() =>
        {
            Assert.That(KqueueAbi.MacOs.Filters.ToSystem(EventFilter.ProcessDescriptor), Is.Not.EqualTo(-8), "EVFILT_MACHPORT");
            Assert.That(KqueueAbi.MacOs.Filters.ToSystem(EventFilter.Jail), Is.Not.EqualTo(-14), "EVFILT_MEMORYSTATUS");
            Assert.That(KqueueAbi.MacOs.Filters.ToSystem(EventFilter.JailDescriptor), Is.Not.EqualTo(-15), "EVFILT_EXCEPT");
            Assert.That(KqueueAbi.OpenBsd.Filters.ToSystem(EventFilter.ProcessDescriptor), Is.Not.EqualTo(-8), "EVFILT_DEVICE");
            Assert.That(KqueueAbi.LibKqueue.Filters.ToSystem(EventFilter.SendFile), Is.Not.EqualTo(-12), "EVFILT_LIBKQUEUE");
        });
    }
}
