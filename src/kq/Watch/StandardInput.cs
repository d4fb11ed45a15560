using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kq.Watch;

/// <summary>The standard input, level-triggered and read. NOTE_FILE_POLL makes a file tell its end too, as a pipe does (READ-FILE-006).</summary>
internal sealed class StandardInput()
    : Watched("standard input", new((nuint)s_input, EventFilter.Read, EventFlags.Add, (uint)ReadWriteNotes.FilePoll))
{
    private static readonly nint s_input = Native.StandardStream(0);

    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Stream _stream = OpenStream();

    public override bool AfterEvent(Kqueue queue, in KEvent e)
    {
        bool atEnd = e.Data <= 0 || _stream.Read(_buffer) == 0;
        if (atEnd)
            queue.Delete((nuint)s_input, EventFilter.Read);
        return !atEnd;
    }

    // The console's stream of a terminal edits lines by itself, a file's stream leaves the offset of the descriptor alone.
    private static Stream OpenStream() => Console.IsInputRedirected
        ? Console.OpenStandardInput()
        : new FileStream(new SafeFileHandle(s_input, ownsHandle: false), FileAccess.Read, bufferSize: 0);
}
