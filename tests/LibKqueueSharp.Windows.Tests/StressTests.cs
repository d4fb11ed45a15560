using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace LibKqueueSharp.Windows.Tests;

/// <summary>KQ_STRESS_SECONDS says how long it goes on; two seconds otherwise.</summary>
internal sealed class StressTests
{
    private const int Sockets = 64;
    private const int Readers = 4;
    private const int Chunk = 100;

    /// <summary>What may be under way: so little that most sockets are drained all the time, and the next bytes are told by an edge or not at all.</summary>
    private const long MostUnread = 8 << 10;

    private static double Seconds =>
        double.TryParse(Environment.GetEnvironmentVariable("KQ_STRESS_SECONDS"), CultureInfo.InvariantCulture, out double s) ? s : 2;

    [Test]
    public void EveryByteArrivesAtReadersThatDrainOrReadAPart()
    {
        using TestQueue kq = new();
        Pair[] pairs = [.. Enumerable.Range(0, Sockets).Select(_ => new Pair())];
        ConcurrentDictionary<nuint, Pair> byIdent = new(pairs.Select(p => KeyValuePair.Create(p.Ident, p)));
        long sum = 0;
        long received = 0;
        bool done = false;
        foreach (Pair pair in pairs)
            kq.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
        Thread[] readers = [.. Enumerable.Range(0, Readers).Select(i => new Thread(() => Read(i)))];
        foreach (Thread reader in readers)
            reader.Start();

        Random random = new(1);
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < Seconds)
        {
            while (sum - Volatile.Read(ref received) > MostUnread && Stopwatch.GetElapsedTime(began).TotalSeconds < Seconds)
                Thread.Sleep(1);
            int i = random.Next(Sockets);
            int bytes = random.Next(1, 4 * Chunk);
            pairs[i].Send(bytes);
            sum += bytes;
            Thread.Sleep(0);
        }

        // Slow is none of its business: it ends when all has arrived, or when nothing more does.
        long seen = -1;
        long since = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref received) < sum && Stopwatch.GetElapsedTime(since) < TestQueue.Patience)
        {
            if (Volatile.Read(ref received) is long now && now != seen)
                (seen, since) = (now, Stopwatch.GetTimestamp());
            Thread.Sleep(20);
        }

        Volatile.Write(ref done, true);
        foreach (Thread reader in readers)
            reader.Join();
        Assert.That(Volatile.Read(ref received), Is.EqualTo(sum), $"{pairs.Count(p => p.Watched.Available > 0)} sockets hold bytes that nobody was told of");
        TestContext.Out.WriteLine($"{sum} bytes in {Seconds} s");
        foreach (Pair pair in pairs)
            pair.Dispose();

        void Read(int seed)
        {
            Random mine = new(seed);
            bool drains = seed % 2 == 0;
            byte[] buffer = new byte[Chunk];
            KEvent[] events = new KEvent[4];
            while (!Volatile.Read(ref done))
            {
                int count = kq.Queue.Wait(events, TimeSpan.FromMilliseconds(100));
                foreach (KEvent e in events.AsSpan(0, count))
                    ReadSome(byIdent[e.Ident].Watched, buffer, drains ? int.MaxValue : mine.Next(1, 6));
            }
        }

        // Who drains has only edges to hear of what comes next; who stops early asks for an event, as EV_CLEAR demands.
        void ReadSome(Socket socket, byte[] buffer, int rounds)
        {
            for (; rounds > 0; rounds--)
            {
                int bytes = socket.Receive(buffer, SocketFlags.None, out SocketError error);
                if (error != SocketError.Success || bytes == 0)
                    return;
                Interlocked.Add(ref received, bytes);
            }

            kq.Add((nuint)socket.Handle, EventFilter.Read, EventFlags.Clear);
        }
    }
}
