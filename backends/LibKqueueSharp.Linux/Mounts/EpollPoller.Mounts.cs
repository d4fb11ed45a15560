namespace LibKqueueSharp.Linux;

/// <summary>The mount table, which is watched while the queue has a knote of EVFILT_FS.</summary>
internal sealed partial class EpollPoller
{
    private const ulong MountsToken = 8;

    private MountWatch? _mounts;
    private FsFilter _mountsUser = null!;

    internal Errno OpenMounts(FsFilter user)
    {
        if (_mounts is not null)
            return Errno.None;
        Errno error = MountWatch.Create(out MountWatch? mounts);
        if (error != Errno.None)
            return error;
        error = mounts!.Register(_epfd, MountsToken);
        if (error != Errno.None)
        {
            mounts.Dispose();
            return error switch
            {
                Errno.ENOSPC => Errno.ENOMEM,
                Errno.ELOOP => Errno.EINVAL,
                _ => error,
            };
        }

        _mounts = mounts;
        _mountsUser = user;
        _interest++;
        return Errno.None;
    }

    internal void CloseMounts()
    {
        if (_mounts is null)
            return;
        _mounts.Unregister(_epfd);
        _mounts.Dispose();
        _mounts = null;
        _interest--;
    }

    /// <summary>Tells the knotes what has happened up to now.</summary>
    /// <returns>False when it could not be found out now.</returns>
    internal bool TakeMounts()
    {
        if (_mounts is null)
            return true;
        FileSystemNotes notes = _mounts.Take();
        if (notes != FileSystemNotes.None)
            _mountsUser.Changed(notes);
        if (_mounts.IsStale)
            _mountsUser.AskLater();
        return !_mounts.IsStale;
    }
}
