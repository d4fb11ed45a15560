using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Windows;

/// <summary>Numbers and structures of Windows (winternl.h, winsock2.h; those of AFD as its users have found them).</summary>
internal static unsafe partial class Native
{
    internal const int StatusSuccess = 0;
    internal const int StatusPending = 0x103;
    internal const int StatusCancelled = unchecked((int)0xC0000120);
    internal const int StatusInvalidHandle = unchecked((int)0xC0000008);
    internal const int StatusAccessDenied = unchecked((int)0xC0000022);
    internal const int StatusObjectTypeMismatch = unchecked((int)0xC0000024);
    internal const int StatusNoMemory = unchecked((int)0xC0000017);
    internal const int StatusPipeDisconnected = unchecked((int)0xC00000B0);
    internal const int StatusInsufficientResources = unchecked((int)0xC000009A);

    internal const uint Synchronize = 0x0010_0000;
    internal const uint ShareReadWrite = 3;
    internal const uint OpenExisting = 1;
    internal const byte SkipPortOnSuccess = 1;
    internal const byte SkipEventOnHandle = 2;
    internal const uint AfdPoll = 0x0001_2024;

    internal const int FionRead = 0x4004_667F;
    internal const uint BaseHandle = 0x4800_0022;
    internal const uint BaseHandleForPoll = 0x4800_001D;
    internal const int SolSocket = 0xFFFF;
    internal const int SoAcceptConnections = 0x0002;
    internal const int SoSendBuffer = 0x1001;
    internal const int SoError = 0x1007;
    internal const int SoType = 0x1008;
    internal const int StreamSocket = 1;
    internal const int WinsockVersion = 0x0202;
    internal const int WinsockDataSize = 512;

    internal const uint ProcessQueryLimited = 0x1000;
    internal const uint StillActive = 259;
    internal const int AccessDenied = 5;
    internal const int BrokenPipe = 109;
    internal const uint FileTypePipe = 3;
    internal const int PipeLocalInformation = 24;
    internal const int PipeLocalNumbers = 10;
    internal const int PipeState = 8;
    internal const uint PipeListening = 2;
    internal const uint PipeConnected = 3;

    internal const int ConnectionShutDown = 10058;

    /// <summary>An OVERLAPPED_ENTRY. The context is whatever the request was given; for an AFD poll, its number.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Packet
    {
        internal nuint Key;
        internal nint Context;
        internal nint Status;
        internal uint Bytes;
    }

    /// <summary>An IO_STATUS_BLOCK.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct StatusBlock
    {
        internal nint Status;
        internal nint Information;
    }

    /// <summary>
    /// What the kernel writes to while a poll is under way: the status, and an AFD_POLL_INFO with one AFD_POLL_HANDLE_INFO, input and
    /// output in one.
    /// </summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollBlock
    {
        internal StatusBlock Status;
        internal long Timeout;
        internal uint Handles;
        internal uint Exclusive;
        internal nint Handle;
        internal AfdEvents Events;
        internal int HandleStatus;

        internal static int PollSize => sizeof(PollBlock) - sizeof(StatusBlock);
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct UnicodeString
    {
        internal ushort Length;
        internal ushort Room;
        internal char* Text;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct ObjectAttributes
    {
        internal uint Length;
        internal nint Root;
        internal UnicodeString* Name;
        internal uint Attributes;
        internal void* Security;
        internal void* Quality;
    }

    /// <summary>A WSANETWORKEVENTS.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct NetworkEvents
    {
        internal int Events;
        internal Errors Codes;
    }

    [InlineArray(10)]
    internal struct Errors
    {
        private int _first;
    }
}
