namespace LibKqueueSharp.Kernels.Tests;

/// <summary>What is remembered for kernels without EV_KEEPUDATA: not more than there is, and what the kernel has.</summary>
public sealed class UDataTableTests
{
    private UDataTable _table = new();

    [SetUp]
    public void Forget() => _table = new();

    [Test]
    public void RefusedRegistrationsAreNotRemembered()
    {
        for (nuint ident = 0; ident < 1000; ident++)
        {
            _table.Note(Add(ident, 1));
            _table.TakeBack(ident, EventFilter.Process);
        }

        Assert.That(_table.Count, Is.Zero);
    }

    [Test]
    public void RefusedChangeLeavesWhatWasThere()
    {
        _table.Note(Add(7, 1));
        _table.Note(Add(7, 2));
        _table.TakeBack(7, EventFilter.Process);
        Assert.That(_table.Find(7, EventFilter.Process), Is.EqualTo((nint)1));
        _table.TakeBack(7, EventFilter.Process);
        Assert.That(_table.Find(7, EventFilter.Process), Is.EqualTo((nint)1), "taken back twice");
    }

    /// <summary>A change with EV_KEEPUDATA that fails is not the one that made the registration.</summary>
    [Test]
    public void FailureOfAnotherChangeTakesNothingBack()
    {
        _table.Note(Add(7, 1));
        _table.Find(7, EventFilter.Process);
        _table.TakeBack(7, EventFilter.Process);
        Assert.That(_table.Find(7, EventFilter.Process), Is.EqualTo((nint)1));
    }

    [Test]
    public void EventOfTheOldRegistrationDoesNotForgetTheNew()
    {
        _table.Note(Add(7, 1));
        _table.Note(Add(7, 2));
        _table.Forget(7, EventFilter.Process, 1);
        Assert.That(_table.Find(7, EventFilter.Process), Is.EqualTo((nint)2));
        _table.Forget(7, EventFilter.Process, 2);
        Assert.That(_table.Count, Is.Zero);
    }

    private static KEvent Add(nuint ident, nint udata) => new(ident, EventFilter.Process, EventFlags.Add, udata: udata);
}
