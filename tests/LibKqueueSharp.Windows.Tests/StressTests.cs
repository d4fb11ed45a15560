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

    private static double Seconds =>
        double.TryParse(Environment.GetEnvironmentVariable("KQ_STRESS_SECONDS"), CultureInfo.InvariantCulture, out double s) ? s : 2;

    [Test]
    public void EveryByteArrivesAtReadersThatDrainPartly()
    {
        using TestQueue kq = new();
        Pair[] pairs = [.. Enumerable.Range(0, Sockets).Select(_ => new Pair())];
        ConcurrentDictionary<nuint, Pair> byIdent = new(pairs.Select(p => KeyValuePair.Create(p.Ident, p)));
        long[] sent = new long[Sockets];
        long received = 0;
        long total = -1;
        foreach (Pair pair in pairs)
            kq.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
        Thread[] readers = [.. Enumerable.Range(0, Readers).Select(i => new Thread(() => Read(i)))];
        foreach (Thread reader in readers)
            reader.Start();

        Random random = new(1);
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < Seconds)
        {
            int i = random.Next(Sockets);
            int bytes = random.Next(1, 4 * Chunk);
            pairs[i].Send(bytes);
            sent[i] += bytes;
            Thread.Sleep(0);
        }

        Volatile.Write(ref total, sent.Sum());
        bool joined = readers.All(reader => reader.Join(TestQueue.Patience));
        kq.Dispose();
        Assert.That(Volatile.Read(ref received), Is.EqualTo(total), $"{pairs.Count(p => p.Watched.Available > 0)} sockets hold bytes that nobody was told of");
        Assert.That(joined, Is.True);
        foreach (Pair pair in pairs)
            pair.Dispose();

        void Read(int seed)
        {
            Random mine = new(seed);
            byte[] buffer = new byte[Chunk];
            KEvent[] events = new KEvent[4];
            long last = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref total) < 0 || (Volatile.Read(ref received) < total && Stopwatch.GetElapsedTime(last) < TestQueue.Patience / 2))
            {
                int count = kq.Queue.Wait(events, TimeSpan.FromMilliseconds(100));
                if (count > 0)
                    last = Stopwatch.GetTimestamp();
                foreach (KEvent e in events.AsSpan(0, count))
                    ReadSome(byIdent[e.Ident].Watched, buffer, mine);
            }
        }

        // Some of it, and the rest only when an event comes for it; a reader who stops early asks for one, as EV_CLEAR demands.
        void ReadSome(Socket socket, byte[] buffer, Random mine)
        {
            for (int rounds = mine.Next(1, 6); rounds > 0; rounds--)
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
