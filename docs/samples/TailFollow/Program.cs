// TailFollow FILE...
//
// Shows what is appended to files, as tail -F does: a file that is renamed, removed and made anew, or not there yet, is followed under its
// name, and one that is truncated from its start. One thread, one queue, a descriptor a file.
using LibKqueueSharp;
using TailFollow;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: TailFollow FILE...");
    return 2;
}

using Kqueue queue = new();
using Stream output = Console.OpenStandardOutput();
FollowedFile[] files = [.. args.Select((path, index) => new FollowedFile(queue, path, index, output))];
foreach (FollowedFile file in files)
    file.Start();
Console.Error.WriteLine($"following {files.Length} files");

KEvent[] events = new KEvent[64];
while (true)
{
    int count = queue.Wait(events, Timeout.InfiniteTimeSpan);
    foreach (KEvent e in events[..count])
    {
        FollowedFile file = files[e.UData];
        if (e.Filter == EventFilter.Timer)
            file.TryReopen();
        else
            file.Changed(e);
    }
}
