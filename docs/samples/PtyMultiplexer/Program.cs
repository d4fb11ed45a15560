// PtyMultiplexer COMMAND...
//
// Runs each command in a terminal of its own. Its output is shown with its number before each line, and what is typed goes to the one whose
// number comes first: "2 ls" types "ls" into the second. "size 40 100" sets the size of all; on a terminal they follow that of the window.
using System.Globalization;
using System.Text;
using LibKqueueSharp;
using Microsoft.Win32.SafeHandles;
using PtyMultiplexer;

const int SIGWINCH = 28;
const int StandardInput = 0;
const int PrefixWidth = 4;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: PtyMultiplexer COMMAND...");
    return 2;
}

using Kqueue queue = new();
TerminalSize size = TerminalSize.OfOutput(PrefixWidth);
Session[] sessions = [.. args.Select((command, index) => new Session(queue, index + 1, command, size))];
using FileStream input = new(new SafeFileHandle(StandardInput, ownsHandle: false), FileAccess.Read, bufferSize: 0);
_ = queue.TryApply(new KEvent(StandardInput, EventFilter.Read, EventFlags.Add), out _); // Refused for /dev/null, where nothing comes from.
queue.Add(SIGWINCH, EventFilter.Signal);

byte[] buffer = new byte[4096];
List<byte> typed = [];
KEvent[] events = new KEvent[16];
while (!sessions.All(session => session.IsOver))
{
    int count = queue.Wait(events, Timeout.InfiniteTimeSpan);
    foreach (KEvent e in events[..count])
    {
        if (e.UData > 0)
            sessions[e.UData - 1].Handle(e);
        else if (e.Filter == EventFilter.Signal)
            ResizeAll(TerminalSize.OfOutput(PrefixWidth));
        else
            ReadInput();
    }
}

foreach (Session session in sessions)
    session.Dispose();
return 0;

void ReadInput()
{
    int count = input.Read(buffer);
    if (count == 0)
        queue.Delete(StandardInput, EventFilter.Read);
    foreach (byte b in buffer.AsSpan(0, count))
    {
        if (b != '\n')
        {
            typed.Add(b);
            continue;
        }

        Route(Encoding.UTF8.GetString([.. typed]));
        typed.Clear();
    }
}

void Route(string line)
{
    string[] words = line.Split(' ', 2);
    string rest = words.Length > 1 ? words[1] : "";
    if (int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 && number <= sessions.Length)
        sessions[number - 1].Type(rest);
    else if (words[0] == "size" && rest.Split(' ') is [var rows, var columns] && ushort.TryParse(rows, out ushort r) && ushort.TryParse(columns, out ushort c))
        ResizeAll(new(r, c));
    else
        Console.Error.WriteLine($"write a number from 1 to {sessions.Length} and a line, or size ROWS COLUMNS");
}

void ResizeAll(TerminalSize wanted)
{
    foreach (Session session in sessions)
        session.Resize(wanted);
}
