using System.ComponentModel;

namespace LibKqueueSharp;

/// <content><c>struct timespec</c>, and the fields of <c>struct kevent</c> by their C names and types.</content>
public static partial class Bsd
{
#pragma warning disable CS8981 // The name is C's.
    /// <summary>A time for <see cref="kevent(int, ReadOnlySpan{KEvent}, Span{KEvent}, timespec?)"/>.</summary>
    /// <param name="tv_sec">Seconds.</param>
    /// <param name="tv_nsec">Nanoseconds, 0 to 999,999,999.</param>
    public struct timespec(long tv_sec, long tv_nsec)
#pragma warning restore CS8981
    {
        /// <summary>Seconds.</summary>
        public long tv_sec = tv_sec;

        /// <summary>Nanoseconds, 0 to 999,999,999.</summary>
        public long tv_nsec = tv_nsec;
    }

    /// <param name="kev">The event.</param>
    extension(ref KEvent kev)
    {
        /// <summary>What is watched.</summary>
        [EditorBrowsable(EditorBrowsableState.Never)]
        public nuint ident
        {
            get => kev.Ident;
            set => kev.Ident = value;
        }

        /// <summary>The filter, <c>EVFILT_</c>.</summary>
        [EditorBrowsable(EditorBrowsableState.Never)]
        public short filter
        {
            get => (short)kev.Filter;
            set => kev.Filter = (EventFilter)value;
        }

        /// <summary>Actions, attributes and results, <c>EV_</c>.</summary>
        [EditorBrowsable(EditorBrowsableState.Never)]
        public ushort flags
        {
            get => (ushort)kev.Flags;
            set => kev.Flags = (EventFlags)value;
        }

        /// <summary>Notes of the filter, <c>NOTE_</c>.</summary>
        [EditorBrowsable(EditorBrowsableState.Never)]
        public uint fflags
        {
            get => kev.FFlags;
            set => kev.FFlags = value;
        }

        /// <summary>The filter's data.</summary>
        [EditorBrowsable(EditorBrowsableState.Never)]
        public long data
        {
            get => kev.Data;
            set => kev.Data = value;
        }

        /// <summary>The caller's value.</summary>
        [EditorBrowsable(EditorBrowsableState.Never)]
        public nint udata
        {
            get => kev.UData;
            set => kev.UData = value;
        }
    }
}
