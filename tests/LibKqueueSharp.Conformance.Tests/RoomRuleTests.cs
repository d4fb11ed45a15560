using static LibKqueueSharp.Conformance.Tests.Recording;

namespace LibKqueueSharp.Conformance.Tests;

public sealed class RoomRuleTests
{
    private const string Made = "\"ret\":0";
    private const string Nothing = "\"rc\":0,\"events\":[]";
    private static readonly string s_room = Events(Event("s.a", "WRITE", "4096"));

    [Test]
    public void RoomAfterAPartialReadMayComeLater() => Filled()
        .Line("read s.b 100", "\"ret\":100")
        .Line("kevent k max=8 timeout=0", s_room, Nothing)
        .MustBeEqual();

    [Test]
    public void RoomAfterAPartialReadMayComeEarlier() => Filled()
        .Line("read s.b 100", "\"ret\":100")
        .Line("kevent k max=8 timeout=0", Nothing, s_room)
        .MustBeEqual();

    [Test]
    public void RoomWhileTheBufferIsFullDiffers() => Filled()
        .Line("kevent k max=8 timeout=0", Nothing, s_room)
        .MustDiffer("s.a EVFILT_WRITE is too much");

    [Test]
    public void NoRoomAfterAllWasReadDiffers() => Filled()
        .Line("read s.b 100", "\"ret\":100")
        .Line("drain s.b", "\"ret\":8092")
        .Line("kevent k max=8 timeout=0", s_room, Nothing)
        .MustDiffer("s.a EVFILT_WRITE is missing");

    [Test]
    public void EndOfFileAfterAPartialReadDiffers() => Filled()
        .Line("read s.b 100", "\"ret\":100")
        .Line("kevent k max=8 timeout=0", Events(Event("s.a", "WRITE", "4096", "EV_EOF")), Nothing)
        .MustDiffer("s.a EVFILT_WRITE is missing");

    [Test]
    public void SocketMayReachALowWaterMarkInALargerBuffer() => new Recording()
        .Line("socketpair s", Made)
        .Line("add k write s.a EV_ADD fflags=NOTE_LOWAT data=100000", "\"rc\":0")
        .Line("kevent k max=8 timeout=0", Nothing, s_room)
        .MustBeEqual();

    [Test]
    public void SocketWithoutLowWaterMarkDiffers() => new Recording()
        .Line("socketpair s", Made)
        .Line("add k write s.a EV_ADD fflags=NOTE_LOWAT data=100000", "\"rc\":0")
        .Line("add k write s.a EV_ADD", "\"rc\":0")
        .Line("kevent k max=8 timeout=0", s_room, Nothing)
        .MustDiffer("s.a EVFILT_WRITE is missing");

    [Test]
    public void PipeThatHeedsALowWaterMarkDiffers() => new Recording()
        .Line("pipe p", Made)
        .Line("add k write p.w EV_ADD fflags=NOTE_LOWAT data=60000", "\"rc\":0")
        .Line("kevent k max=8 timeout=0", Events(Event("p.w", "WRITE", "16384")), Nothing)
        .MustDiffer("p.w EVFILT_WRITE is missing");

    private static Recording Filled() => new Recording()
        .Line("socketpair s", Made)
        .Line("fill s.a 1024", "\"ret\":8192");
}
