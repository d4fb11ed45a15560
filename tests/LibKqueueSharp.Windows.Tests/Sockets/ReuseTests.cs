using System.Net.Sockets;

namespace LibKqueueSharp.Windows.Tests.Sockets;

internal sealed class ReuseTests
{
    /// <summary>FD-CLOSE-005: the registration went with its socket, whatever has its number now.</summary>
    [Test]
    public void ChangeOfAClosedSocketWhoseNumberIsAnothers([Values(EventFlags.Disable, EventFlags.Enable, EventFlags.Delete)] EventFlags change)
    {
        using TestQueue kq = new();
        nuint ident;
        using (Pair pair = new())
        {
            ident = pair.Ident;
            kq.Add(ident, EventFilter.Read);
        }

        List<Socket> others = [];
        try
        {
            bool Found() => others.Exists(other => (nuint)other.Handle == ident);
            while (others.Count < 1000 && !Found())
                others.Add(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
            Assert.That(Found(), Is.True, "the number is used again");
            Assert.That(kq.Try(ident, EventFilter.Read, change), Is.EqualTo(Errno.ENOENT));
            Assert.That(kq.Queue.KnoteCount, Is.Zero);
        }
        finally
        {
            others.ForEach(other => other.Dispose());
        }
    }
}
