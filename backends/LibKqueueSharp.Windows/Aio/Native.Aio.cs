namespace LibKqueueSharp.Windows;

/// <summary>Numbers of Windows for asynchronous I/O.</summary>
internal static unsafe partial class Native
{
    internal const int HandleEof = 38;
    internal const int DiskFull = 112;
    internal const int InvalidParameter = 87;
    internal const int NoData = 232;
    internal const int PipeNotConnected = 233;
    internal const int IoPending = 997;
    internal const int OperationAborted = 995;
    internal const int NotEnoughMemory = 8;
    internal const int NoSystemResources = 1450;

    internal const int FileAccessInformation = 8;
    internal const int FileModeInformation = 16;
    internal const uint IsSynchronous = 0x30;
    internal const uint ReadData = 0x0001;
    internal const uint WriteData = 0x0002;
    internal const uint AppendData = 0x0004;
}
