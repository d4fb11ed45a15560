namespace LibKqueueSharp.Kernels;

/// <summary>
/// What a kernel does not tell and some changes depend on: which registrations there are, with their udata. Kept only for kernels without
/// EV_KEEPUDATA, or whose user events are triggered by the EV_ADD that creates them while the dialect's are not.
/// Registrations of closed descriptors stay until the number is used again; they are never asked for, as the kernel answers ENOENT.
/// Any thread may call any member.
/// </summary>
internal sealed class UDataTable
{
    private readonly Dictionary<(nuint Ident, EventFilter Filter), nint> _udata = [];

    /// <summary>Keeps what a change says.</summary>
    /// <returns>False when it is about a registration that is not known.</returns>
    internal bool Note(in KEvent change)
    {
        lock (_udata)
        {
            if ((change.Flags & EventFlags.Delete) != 0)
                return _udata.Remove((change.Ident, change.Filter));
            bool known = _udata.ContainsKey((change.Ident, change.Filter));
            if (known || (change.Flags & EventFlags.Add) != 0)
                _udata[(change.Ident, change.Filter)] = change.UData;
            return known;
        }
    }

    /// <summary>The udata of a registration, 0 for one that is not known.</summary>
    internal nint Find(nuint ident, EventFilter filter)
    {
        lock (_udata)
            return _udata.GetValueOrDefault((ident, filter));
    }

    /// <summary>Forgets a registration that its event has removed.</summary>
    internal void Forget(nuint ident, EventFilter filter)
    {
        lock (_udata)
            _udata.Remove((ident, filter));
    }
}
