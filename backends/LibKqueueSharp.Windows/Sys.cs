using System.Runtime.InteropServices;

namespace LibKqueueSharp.Windows;

/// <summary>
/// Calls of Windows in safe dress: values in and out, an <see cref="Errno"/> or a status for failure. The unsafe blocks pass the addresses of
/// locals and of pinned memory for the length of one call; what outlives a call is the block of a <see cref="Poll"/>, whose memory
/// stays until its packet came back.
/// </summary>
internal static unsafe partial class Sys
{
    private const nint NoFile = -1;
    private const string AfdName = @"\Device\Afd\LibKqueueSharp";

    // Another library of the process may never have used a socket.
    private static readonly bool s_started = Start();

    internal static Errno CreatePort(out nint port)
    {
        port = Native.CreateIoCompletionPort(NoFile, 0, 0, 0);
        return port == 0 ? Errno.ENOMEM : Errno.None;
    }

    /// <summary>Opens a handle that sockets can be polled with, bound to a port. It may skip the port for polls that succeed at once.</summary>
    internal static Errno OpenAfd(nint port, nuint key, bool skipWanted, out nint afd, out bool skips)
    {
        skips = false;
        int status;
        fixed (char* text = AfdName)
        {
            Native.UnicodeString name = new()
            {
                Length = (ushort)(AfdName.Length * sizeof(char)),
                Room = (ushort)(AfdName.Length * sizeof(char)),
                Text = text,
            };
            Native.ObjectAttributes attributes = new() { Length = (uint)sizeof(Native.ObjectAttributes), Name = &name };
            Native.StatusBlock block = default;
            nint opened = 0;
            status = Native.NtCreateFile(
                &opened, Native.Synchronize, &attributes, &block, null, 0, Native.ShareReadWrite, Native.OpenExisting, 0, null, 0);
            afd = opened;
        }

        if (status < 0 || !s_started)
            return Errno.ENOMEM;
        if (Native.CreateIoCompletionPort(afd, port, key, 0) == 0)
        {
            Close(afd);
            return Errno.ENOMEM;
        }

        skips = skipWanted && Native.SetFileCompletionNotificationModes(afd, Native.SkipPortOnSuccess | Native.SkipEventOnHandle) != 0;
        return Errno.None;
    }

    internal static nint AllocateBlock() => (nint)NativeMemory.AllocZeroed((nuint)sizeof(Native.PollBlock));

    internal static void FreeBlock(nint block) => NativeMemory.Free((void*)block);

    /// <summary>Polls one socket. The block must not be in use by an earlier poll; the packet carries the context, which is not 0.</summary>
    /// <returns>An NTSTATUS.</returns>
    internal static int Poll(nint afd, nint block, nint socket, AfdEvents events, nint context)
    {
        Native.PollBlock* b = (Native.PollBlock*)block;
        *b = new()
        {
            Status = new() { Status = Native.StatusPending },
            Timeout = long.MaxValue,
            Handles = 1,
            Handle = socket,
            Events = events,
        };
        void* poll = &b->Timeout;
        uint size = (uint)Native.PollBlock.PollSize;
        return Native.NtDeviceIoControlFile(afd, 0, 0, context, &b->Status, Native.AfdPoll, poll, size, poll, size);
    }

    /// <summary>What a poll that has ended found.</summary>
    internal static AfdEvents Found(nint block)
    {
        Native.PollBlock* b = (Native.PollBlock*)block;
        return b->Handles == 0 ? AfdEvents.None : b->Events;
    }

    internal static bool HasEnded(nint block) =>
        (int)Volatile.Read(ref ((Native.PollBlock*)block)->Status.Status) != Native.StatusPending;

    /// <summary>Asks for the end of a poll; its packet still comes.</summary>
    /// <returns>False when it has ended already.</returns>
    internal static bool Cancel(nint afd, nint block)
    {
        Native.StatusBlock status = default;
        return Native.NtCancelIoFileEx(afd, &((Native.PollBlock*)block)->Status, &status) >= 0;
    }

    /// <summary>Waits for packets.</summary>
    /// <returns>How many came; 0 when the time is over.</returns>
    internal static int TakePackets(nint port, Span<byte> scratch, uint milliseconds)
    {
        uint count = 0;
        fixed (byte* at = scratch)
        {
            uint room = (uint)(scratch.Length / sizeof(Native.Packet));

            // Wine leaves a count of 1 when the time is over: only the result counts.
            return Native.GetQueuedCompletionStatusEx(port, (Native.Packet*)at, room, &count, milliseconds, 0) == 0 ? 0 : (int)count;
        }
    }

    internal static void Post(nint port, nuint key) => Native.PostQueuedCompletionStatus(port, 0, key, 0);

    internal static void Close(nint handle) => Native.CloseHandle(handle);

    internal static bool IsOpen(nint handle)
    {
        uint flags;
        return Native.GetHandleInformation(handle, &flags) != 0;
    }

    /// <summary>The socket below those of layered providers, which AFD knows.</summary>
    internal static Errno BaseSocket(nint socket, out nint found)
    {
        Errno error = BaseSocket(socket, Native.BaseHandle, out found);
        return error == Errno.EIO ? BaseSocket(socket, Native.BaseHandleForPoll, out found) : error;
    }

    private static Errno BaseSocket(nint socket, uint code, out nint found)
    {
        nint handle = 0;
        uint bytes = 0;
        int failed = Native.WSAIoctl(socket, code, null, 0, &handle, (uint)sizeof(nint), &bytes, null, 0);
        found = handle;
        return failed == 0 ? Errno.None : Errno.EIO;
    }

    /// <returns>ENOTSUP when it is something else, EBADF when it is not open.</returns>
    internal static Errno SocketType(nint socket, out int type)
    {
        int value = 0;
        int length = sizeof(int);
        bool ok = Native.GetSocketOption(socket, Native.SolSocket, Native.SoType, &value, &length) == 0;
        type = value;
        if (ok)
            return Errno.None;
        return IsOpen(socket) ? Errno.ENOTSUP : Errno.EBADF;
    }

    /// <summary>FIONREAD: bytes that can be read; of a datagram socket, those of the first.</summary>
    internal static bool TryGetReadable(nint socket, out long bytes)
    {
        uint value = 0;
        bool ok = Native.IoctlSocket(socket, Native.FionRead, &value) == 0;
        bytes = value;
        return ok;
    }

    internal static int SocketOption(nint socket, int option)
    {
        int value = 0;
        int length = sizeof(int);
        return Native.GetSocketOption(socket, Native.SolSocket, option, &value, &length) == 0 ? value : 0;
    }

    internal static bool HasPeer(nint socket)
    {
        byte* address = stackalloc byte[128];
        int length = 128;
        return Native.GetPeerName(socket, address, &length) == 0;
    }

    /// <summary>Whether the sending side of a stream was shut down here: a send of no bytes says so, and sends nothing.</summary>
    internal static bool IsSendShutDown(nint socket) =>
        Native.Send(socket, null, 0, 0) < 0 && Native.WSAGetLastError() == Native.ConnectionShutDown;

    /// <summary>Has what happens to a socket recorded, and an event set; 0 and 0 end it. Makes the socket non-blocking.</summary>
    internal static bool SelectEvents(nint socket, nint wakes, int events) => Native.WSAEventSelect(socket, wakes, events) == 0;

    /// <summary>Takes what was recorded since the last time.</summary>
    internal static int TakeRecordedEvents(nint socket)
    {
        Native.NetworkEvents events = default;
        return Native.WSAEnumNetworkEvents(socket, 0, &events) == 0 ? events.Events : 0;
    }

    internal static Errno OpenProcess(nuint id, out nint process)
    {
        process = id is 0 or > uint.MaxValue ? 0 : Native.OpenProcess(Native.Synchronize | Native.ProcessQueryLimited, 0, (uint)id);
        if (process != 0)
            return Errno.None;
        return id is not (0 or > uint.MaxValue) && Marshal.GetLastPInvokeError() == Native.AccessDenied ? Errno.EACCES : Errno.ESRCH;
    }

    internal static uint ExitCode(nint process)
    {
        uint code;
        return Native.GetExitCodeProcess(process, &code) != 0 ? code : 0;
    }

    private static bool Start()
    {
        byte* data = stackalloc byte[Native.WinsockDataSize];
        return Native.WSAStartup(Native.WinsockVersion, data) == 0;
    }
}
