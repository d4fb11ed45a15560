using static LibKqueueSharp.Conformance.Tests.Recording;

namespace LibKqueueSharp.Conformance.Tests;

public sealed class SmallRuleTests
{
    private const string Made = "\"ret\":0";
    private const string UnderWay = "\"ret\":-1,\"errno\":\"EINPROGRESS\"";

    [Test]
    public void ConnectMayBeDoneAtOnce() => new Recording().Line("connect c l", UnderWay, Made).MustBeEqual();

    [Test]
    public void ConnectMayTakeAWhile() => new Recording().Line("connect c l", Made, UnderWay).MustBeEqual();

    [Test]
    public void RefusedConnectDiffers() => new Recording()
        .Line("connect c l", UnderWay, "\"ret\":-1,\"errno\":\"ECONNREFUSED\"")
        .MustDiffer("ECONNREFUSED instead of EINPROGRESS");

    [Test]
    public void InProgressOfAnotherCallDiffers() => new Recording()
        .Line("accept a l", Made, UnderWay)
        .MustDiffer("EINPROGRESS instead of 0");

    [Test]
    public void ActionsThatNetBsdEchoesMayBeAbsent() => new Recording()
        .Line("kevent k max=8 timeout=0", Events(Event("7", "USER", "0", "EV_ADD|EV_CLEAR")), Events(Event("7", "USER", "0", "EV_CLEAR")))
        .MustBeEqual(TraceSystem.NetBsd);

    [Test]
    public void ActionsThatNetBsdDoesNotEchoDiffer() => new Recording()
        .Line("kevent k max=8 timeout=0", Events(Event("7", "USER", "0", "EV_ADD")), Events(Event("7", "USER", "0", "EV_ADD|EV_ENABLE")))
        .MustDiffer("7 EVFILT_USER: flags are EV_ADD|EV_ENABLE instead of EV_ADD", TraceSystem.NetBsd);

    [Test]
    public void AttributeThatIsAbsentDiffers() => new Recording()
        .Line("kevent k max=8 timeout=0", Events(Event("7", "USER", "0", "EV_ADD|EV_CLEAR")), Events(Event("7", "USER", "0", "EV_ADD")))
        .MustDiffer("7 EVFILT_USER: flags are EV_ADD instead of EV_ADD|EV_CLEAR", TraceSystem.NetBsd);

    [Test]
    public void EchoedActionOnFreeBsdDiffers() => new Recording()
        .Line("kevent k max=8 timeout=0", Events(Event("7", "USER", "0", "EV_ADD")), Events(Event("7", "USER", "0")))
        .MustDiffer("7 EVFILT_USER: flags are 0 instead of EV_ADD");

    [Test]
    public void PayloadInsteadOfPayloadWithAddressesIsEqual() => TwoDatagrams(answered: "30").MustBeEqual(TraceSystem.NetBsd);

    [Test]
    public void SizeOfTheFirstDatagramAloneDiffers() =>
        TwoDatagrams(answered: "10").MustDiffer("u EVFILT_READ: data is 10 instead of 62", TraceSystem.NetBsd);

    [Test]
    public void DatagramThatWasReadCountsNoMore() => TwoDatagrams(answered: "30")
        .Line("read u 100", "\"ret\":10")
        .Line("kevent k max=8 timeout=0", Events(Event("u", "READ", "36")), Events(Event("u", "READ", "20")))
        .MustBeEqual(TraceSystem.NetBsd);

    [Test]
    public void DirectoryMayHaveAnotherSize() => Directory("512", Events(Event("d", "READ", "4096"))).MustBeEqual();

    [Test]
    public void DirectoryMayHaveNoSize() => Directory("512", Events()).MustBeEqual();

    [Test]
    public void DirectoryOfNegativeSizeDiffers() =>
        Directory("512", Events(Event("d", "READ", "-1"))).MustDiffer("d EVFILT_READ: data is -1 instead of 512");

    [Test]
    public void FileOfAnotherSizeDiffers() => new Recording()
        .Line("open f /t/f rdonly", Made)
        .Line("kevent k max=8 timeout=0", Events(Event("f", "READ", "10")), Events(Event("f", "READ", "4096")))
        .MustDiffer("f EVFILT_READ: data is 4096 instead of 10");

    [Test]
    public void TcpMayAcknowledgeALineEarly() => new Recording()
        .Line("connect c l", Made)
        .Line("write c 100", "\"ret\":100")
        .Line("kevent k max=8 timeout=0", Events(), Events(Event("c", "EMPTY", "0", "EV_CLEAR")))
        .Line("kevent k max=8 timeout=0", Events(Event("c", "EMPTY", "0", "EV_CLEAR")), Events())
        .MustBeEqual();

    [Test]
    public void SecondAcknowledgementOfOneWriteDiffers() => new Recording()
        .Line("connect c l", Made)
        .Line("write c 100", "\"ret\":100")
        .Line("kevent k max=8 timeout=0", Events(), Events(Event("c", "EMPTY", "0", "EV_CLEAR")))
        .Line("kevent k max=8 timeout=0", Events(), Events(Event("c", "EMPTY", "0", "EV_CLEAR")))
        .MustDiffer("c EVFILT_EMPTY is too much");

    [Test]
    public void UnixSocketThatWasNotReadAndIsEmptyDiffers() => new Recording()
        .Line("socketpair s", Made)
        .Line("write s.a 100", "\"ret\":100")
        .Line("kevent k max=8 timeout=0", Events(), Events(Event("s.a", "EMPTY", "0", "EV_CLEAR")))
        .MustDiffer("s.a EVFILT_EMPTY is too much");

    private static Recording Directory(string size, string answered) => new Recording()
        .Line("mkdir /t/d", Made)
        .Line("open d /t/d rdonly", Made)
        .Line("kevent k max=8 timeout=0", Events(Event("d", "READ", size)), answered);

    private static Recording TwoDatagrams(string answered) => new Recording()
        .Line("udp u", Made)
        .Line("udp v", Made)
        .Line("udpsend v u 10", "\"ret\":10")
        .Line("udpsend v u 20", "\"ret\":20")
        .Line("kevent k max=8 timeout=0", Events(Event("u", "READ", "62")), Events(Event("u", "READ", answered)));
}
