using System.Runtime.InteropServices;

namespace LibKqueueSharp.Windows;

/// <summary>Numbers and structures of Windows for job objects (winnt.h) and for the parents of processes (winternl.h).</summary>
internal static unsafe partial class Native
{
    internal const uint ProcessTerminate = 0x0001;
    internal const uint ProcessSetQuota = 0x0100;
    internal const uint ProcessQuery = 0x0400;

    internal const int JobPort = 7;
    internal const int JobLimits = 9;
    internal const uint BreakawayAllowed = 0x0800;

    internal const uint NewProcess = 6;
    internal const uint ExitedProcess = 7;
    internal const uint AbnormallyExitedProcess = 8;

    /// <summary>A JOBOBJECT_ASSOCIATE_COMPLETION_PORT.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct JobPortInformation
    {
        internal nuint Key;
        internal nint Port;
    }

    /// <summary>A JOBOBJECT_EXTENDED_LIMIT_INFORMATION, of which only the flags are used.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    internal struct JobLimitInformation
    {
        internal long ProcessTime;
        internal long JobTime;
        internal uint Flags;
    }

    /// <summary>A PROCESS_BASIC_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ProcessInformation
    {
        internal nint ExitStatus;
        internal nint Environment;
        internal nint Affinity;
        internal nint Priority;
        internal nuint Id;
        internal nuint Parent;
    }
}
