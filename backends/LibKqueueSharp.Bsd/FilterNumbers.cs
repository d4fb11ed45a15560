namespace LibKqueueSharp.Kernels;

/// <summary>
/// The numbers that a system gives to the filters. What it lacks is sent under a number that no kernel has, with
/// which the kernel refuses the change itself, in its place in the changelist: EINVAL (CALL-ERR-012, CALL-ERR-013).
/// </summary>
internal sealed class FilterNumbers
{
    /// <summary>Refused filters are sent as this and the negated filter: positive, and larger than any number of NetBSD.</summary>
    internal const int Refused = 0x7f00;

    private const int Count = 32;
    private const int OutOfTheWay = 0x10000;
    private readonly int[] _toSystem = new int[Count];
    private readonly short[] _fromSystem = new short[Count];
    private readonly int _sign;

    /// <summary>Creates a table.</summary>
    /// <param name="countsUp">Numbers count up from 0 (NetBSD), and not down from -1.</param>
    /// <param name="numbers">The filters that the system has.</param>
    internal FilterNumbers(bool countsUp, params (EventFilter Filter, int Number)[] numbers)
    {
        _sign = countsUp ? 1 : -1;
        for (int i = 0; i < Count; i++)
        {
            _toSystem[i] = Refused + i;
            _fromSystem[i] = (short)(_sign * i);
        }

        _toSystem[0] = 0;
        foreach ((EventFilter filter, int number) in numbers)
        {
            _toSystem[-(int)filter] = number;
            _fromSystem[_sign * number] = (short)filter;
        }
    }

    /// <summary>True when the system has a number for the filter.</summary>
    internal bool Has(EventFilter filter) => filter != 0 && -(int)filter is > 0 and < Count && _toSystem[-(int)filter] is > -Count and < Count;

    /// <summary>
    /// The system's number. Filter 0 stays what it is (CALL-ERR-011), and so does a number that is nobody's: it is EINVAL
    /// everywhere, once it is out of the way of NetBSD's numbers.
    /// </summary>
    internal int ToSystem(EventFilter filter)
    {
        int index = -(int)filter;
        if ((uint)index < Count)
            return _toSystem[index];
        return _sign > 0 && index < 0 ? (int)filter + OutOfTheWay : (int)filter;
    }

    /// <summary>Our number.</summary>
    internal EventFilter FromSystem(int number)
    {
        int index = _sign * number;
        if ((uint)index < Count)
            return (EventFilter)_fromSystem[index];
        if (IsRefused(number))
            return (EventFilter)(Refused - number);
        return (EventFilter)(number >= OutOfTheWay ? number - OutOfTheWay : number);
    }

    /// <summary>True for the number of a change that was sent to be refused.</summary>
    internal static bool IsRefused(int number) => number is >= Refused and < Refused + Count;

    /// <summary>The number under which a change is sent to be refused.</summary>
    internal static int Refuse(EventFilter filter) => Refused + (-(int)filter & (Count - 1));
}
