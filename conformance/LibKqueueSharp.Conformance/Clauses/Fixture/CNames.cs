namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>The names of kqueue(2), as clauses and manual pages use them.</summary>
internal static class CNames
{
    public const EventFilter EVFILT_READ = EventFilter.Read;
    public const EventFilter EVFILT_WRITE = EventFilter.Write;
    public const EventFilter EVFILT_AIO = EventFilter.Aio;
    public const EventFilter EVFILT_VNODE = EventFilter.Vnode;
    public const EventFilter EVFILT_PROC = EventFilter.Process;
    public const EventFilter EVFILT_SIGNAL = EventFilter.Signal;
    public const EventFilter EVFILT_TIMER = EventFilter.Timer;
    public const EventFilter EVFILT_PROCDESC = EventFilter.ProcessDescriptor;
    public const EventFilter EVFILT_USER = EventFilter.User;
    public const EventFilter EVFILT_EMPTY = EventFilter.Empty;
    public const EventFilter EVFILT_EXCEPT = EventFilter.Except;

    public const EventFlags EV_ADD = EventFlags.Add;
    public const EventFlags EV_DELETE = EventFlags.Delete;
    public const EventFlags EV_ENABLE = EventFlags.Enable;
    public const EventFlags EV_DISABLE = EventFlags.Disable;
    public const EventFlags EV_ONESHOT = EventFlags.OneShot;
    public const EventFlags EV_CLEAR = EventFlags.Clear;
    public const EventFlags EV_RECEIPT = EventFlags.Receipt;
    public const EventFlags EV_DISPATCH = EventFlags.Dispatch;
    public const EventFlags EV_FORCEONESHOT = EventFlags.ForceOneShot;
    public const EventFlags EV_KEEPUDATA = EventFlags.KeepUData;
    public const EventFlags EV_ERROR = EventFlags.Error;
    public const EventFlags EV_EOF = EventFlags.Eof;

    public const uint NOTE_LOWAT = (uint)ReadWriteNotes.LowWater;
    public const uint NOTE_FILE_POLL = (uint)ReadWriteNotes.FilePoll;
    public const uint NOTE_EOF = (uint)ReadWriteNotes.FilePoll;
    public const uint NOTE_OOB = (uint)ReadWriteNotes.OutOfBand;

    public const uint NOTE_DELETE = (uint)VnodeNotes.Delete;
    public const uint NOTE_WRITE = (uint)VnodeNotes.Write;
    public const uint NOTE_EXTEND = (uint)VnodeNotes.Extend;
    public const uint NOTE_ATTRIB = (uint)VnodeNotes.Attributes;
    public const uint NOTE_LINK = (uint)VnodeNotes.Link;
    public const uint NOTE_TRUNCATE = (uint)VnodeNotes.Truncate;
    public const uint NOTE_READ = (uint)VnodeNotes.Read;
    public const uint NOTE_CLOSE_WRITE = (uint)VnodeNotes.CloseWrite;
    public const uint NOTE_CLOSE = (uint)VnodeNotes.Close;
    public const uint NOTE_OPEN = (uint)VnodeNotes.Open;
    public const uint NOTE_RENAME = (uint)VnodeNotes.Rename;

    public const uint NOTE_EXIT = (uint)ProcessNotes.Exit;
    public const uint NOTE_FORK = (uint)ProcessNotes.Fork;
    public const uint NOTE_EXEC = (uint)ProcessNotes.Exec;
    public const uint NOTE_TRACK = (uint)ProcessNotes.Track;
    public const uint NOTE_TRACKERR = (uint)ProcessNotes.TrackError;
    public const uint NOTE_CHILD = (uint)ProcessNotes.Child;
    public const uint NOTE_EXITSTATUS = (uint)ProcessNotes.ExitStatus;

    /// <summary>macOS alone has these two.</summary>
    public const uint NOTE_SIGNAL = 0x0800_0000;
    public const uint NOTE_REAP = 0x1000_0000;

    public const uint NOTE_SECONDS = (uint)TimerNotes.Seconds;
    public const uint NOTE_MSECONDS = (uint)TimerNotes.Milliseconds;
    public const uint NOTE_USECONDS = (uint)TimerNotes.Microseconds;
    public const uint NOTE_NSECONDS = (uint)TimerNotes.Nanoseconds;
    public const uint NOTE_ABSTIME = (uint)TimerNotes.Absolute;

    public const uint NOTE_TRIGGER = (uint)UserNotes.Trigger;
    public const uint NOTE_FFNOP = (uint)UserNotes.None;
    public const uint NOTE_FFAND = (uint)UserNotes.And;
    public const uint NOTE_FFOR = (uint)UserNotes.Or;
    public const uint NOTE_FFCOPY = (uint)UserNotes.Copy;
}
