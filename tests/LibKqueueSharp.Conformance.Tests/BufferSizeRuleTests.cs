using static LibKqueueSharp.Conformance.Tests.Recording;

namespace LibKqueueSharp.Conformance.Tests;

public sealed class BufferSizeRuleTests
{
    private const string Made = "\"ret\":0";

    [Test]
    public void RoomOfAnotherSizeIsEqual() => new Recording()
        .Line("pipe p", Made)
        .Line("kevent k max=8 timeout=0", Events(Event("p.w", "WRITE", "16384")), Events(Event("p.w", "WRITE", "65536")))
        .MustBeEqual();

    [Test]
    public void RoomInsteadOfNoRoomDiffers() => new Recording()
        .Line("pipe p", Made)
        .Line("kevent k max=8 timeout=0", Events(Event("p.w", "WRITE", "0", "EV_EOF")), Events(Event("p.w", "WRITE", "65536", "EV_EOF")))
        .MustDiffer("p.w EVFILT_WRITE: data is 65536 instead of 0");

    [Test]
    public void RoomOfAFileDiffers() => new Recording()
        .Line("open f /t/f rdwr", Made)
        .Line("kevent k max=8 timeout=0", Events(Event("f", "WRITE", "7")), Events(Event("f", "WRITE", "1")))
        .MustDiffer("f EVFILT_WRITE: data is 1 instead of 7");

    [Test]
    public void BytesThatWaitAfterAFillFollowFromIt() => new Recording()
        .Line("pipe p", Made)
        .Line("fill p.w 4096", "\"ret\":16384", "\"ret\":65536")
        .Line("read p.r 512", "\"ret\":512")
        .Line("kevent k max=8 timeout=0", Events(Event("p.r", "READ", "15872")), Events(Event("p.r", "READ", "65024")))
        .Line("drain p.r", "\"ret\":15872", "\"ret\":65024")
        .MustBeEqual();

    [Test]
    public void BytesThatVanishAfterAFillDiffer() => new Recording()
        .Line("pipe p", Made)
        .Line("fill p.w 4096", "\"ret\":16384", "\"ret\":65536")
        .Line("drain p.r", "\"ret\":16384", "\"ret\":65535")
        .MustDiffer("65535 instead of 16384");

    [Test]
    public void EventDataThatMissesBytesAfterAFillDiffers() => new Recording()
        .Line("socketpair s", Made)
        .Line("fill s.a 1024", "\"ret\":8192", "\"ret\":200704")
        .Line("kevent k max=8 timeout=0", Events(Event("s.b", "READ", "8192")), Events(Event("s.b", "READ", "4096")))
        .MustDiffer("s.b EVFILT_READ: data is 4096 instead of 8192");

    [Test]
    public void WriteThatFoundNoRoomThereIsEqual() => new Recording()
        .Line("socketpair s", Made)
        .Line("write s.a 3000", "\"ret\":3000")
        .Line("write s.a 3000", "\"ret\":-1,\"errno\":\"EAGAIN\"", "\"ret\":3000")
        .Line("read s.b 6000", "\"ret\":3000", "\"ret\":6000")
        .MustBeEqual();

    [Test]
    public void WriteThatFailsOtherwiseDiffers() => new Recording()
        .Line("socketpair s", Made)
        .Line("write s.a 3000", "\"ret\":3000", "\"ret\":-1,\"errno\":\"EPIPE\"")
        .MustDiffer("EPIPE instead of 3000");

    [Test]
    public void ReadOfAnotherCountWithoutFillDiffers() => new Recording()
        .Line("pipe p", Made)
        .Line("write p.w 5", "\"ret\":5")
        .Line("read p.r 10", "\"ret\":5", "\"ret\":4")
        .MustDiffer("4 instead of 5");
}
