using System.Runtime.InteropServices;

namespace LibKqueueSharp.Windows;

/// <summary>
/// What Windows tells of pipes. On a pipe that was not opened overlapped each of these calls may wait until a read of another thread has ended. The unsafe blocks
/// pass the addresses of locals for the length of one call.
/// </summary>
internal static unsafe partial class Sys
{
    /// <summary>How much can be read from a pipe; nothing from one whose client has yet to connect.</summary>
    /// <returns>
    /// EPIPE when the other end was closed or sent away and nothing is left, EACCES when it is the end for writing, EBADF when it is no open pipe.
    /// </returns>
    internal static Errno PipeReadable(nint pipe, out long bytes)
    {
        uint available = 0;
        bool ok = Native.PeekNamedPipe(pipe, null, 0, null, &available, null) != 0;
        bytes = available;
        if (ok)
            return Errno.None;
        int error = Marshal.GetLastPInvokeError();
        if (error == Native.BrokenPipe)
            return Errno.EPIPE;
        return LookAtPipe(pipe) switch
        {
            PipeStatus.None => Errno.EBADF,
            PipeStatus.Ended => error == Native.AccessDenied ? Errno.EACCES : Errno.EPIPE,
            _ => error == Native.AccessDenied ? Errno.EACCES : Errno.None,
        };
    }

    /// <summary>What a handle is as a pipe. A socket is none, though GetFileType takes it for one.</summary>
    internal static PipeStatus LookAtPipe(nint handle)
    {
        uint* numbers = stackalloc uint[Native.PipeLocalNumbers];
        Native.StatusBlock status = default;
        int result = Native.NtQueryInformationFile(handle, &status, numbers, Native.PipeLocalNumbers * sizeof(uint), Native.PipeLocalInformation);
        if (result == Native.StatusAccessDenied)
            return Native.GetFileType(handle) == Native.FileTypePipe ? PipeStatus.Untold : PipeStatus.None;
        if (result < 0)
            return result == Native.StatusPipeDisconnected ? PipeStatus.Ended : PipeStatus.None;
        return numbers[Native.PipeState] switch
        {
            Native.PipeListening => PipeStatus.Listening,
            Native.PipeConnected => PipeStatus.Connected,
            _ => PipeStatus.Ended,
        };
    }
}

/// <summary>What a handle is as a pipe.</summary>
internal enum PipeStatus : byte
{
    /// <summary>No open pipe.</summary>
    None,

    /// <summary>A pipe that was opened so that it does not tell, as a server for writing only.</summary>
    Untold,

    /// <summary>A server that waits for a client, or will.</summary>
    Listening,

    Connected,

    /// <summary>The other end was closed, or one end was sent away by the other.</summary>
    Ended,
}
