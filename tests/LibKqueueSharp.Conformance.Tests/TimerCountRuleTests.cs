using static LibKqueueSharp.Conformance.Tests.Recording;

namespace LibKqueueSharp.Conformance.Tests;

public sealed class TimerCountRuleTests
{
    private const string Done = "\"ret\":0";
    private const string Nothing = "\"rc\":0,\"events\":[]";

    [Test]
    public void FewerExpirationsAreEqual() => Periodic(sleep: 70).Line(Now, Timer("3"), Timer("2")).MustBeEqual();

    [Test]
    public void MoreExpirationsInTheTimeThatPassedAreEqual() => Periodic(sleep: 130).Line(Now, Timer("3"), Timer("6")).MustBeEqual();

    [Test]
    public void MoreExpirationsThanTimeAllowsDiffer() => Periodic(sleep: 70)
        .Line(Now, Timer("3"), Timer("4"))
        .MustDiffer("1 EVFILT_TIMER: data is 4 instead of 3");

    [Test]
    public void NoExpirationDiffers() => Periodic(sleep: 70)
        .Line(Now, Timer("3"), Timer("0"))
        .MustDiffer("1 EVFILT_TIMER: data is 0 instead of 3");

    [Test]
    public void ExpirationsAreNotGivenTwice() => Periodic(sleep: 70)
        .Line(Now, Timer("3"), Timer("3"))
        .Line("sleep 20ms", Done, Done, 20)
        .Line(Now, Timer("1"), Timer("2"))
        .MustDiffer("1 EVFILT_TIMER: data is 2 instead of 1");

    [Test]
    public void OneShotThatCountsTwiceDiffers() => new Recording()
        .Line("add k timer 1 EV_ADD|EV_ONESHOT data=20", "\"rc\":0")
        .Line("sleep 70ms", Done, Done, 70)
        .Line(Now, Timer("1"), Timer("2"))
        .MustDiffer("1 EVFILT_TIMER: data is 2 instead of 1");

    [Test]
    public void TimerComesALineEarlyWhenTheMachineStoodStill() => LateLook(milliseconds: 31)
        .Line("kevent k max=8 timeout=100ms", Timer("1"), Nothing, 100)
        .MustBeEqual();

    [Test]
    public void TimerThatComesEarlyWithoutReasonDiffers() => LateLook(milliseconds: 20)
        .MustDiffer("1 EVFILT_TIMER is too much");

    [Test]
    public void TimerThatNeverComesDiffers() => new Recording()
        .Line("add k timer 1 EV_ADD|EV_ONESHOT data=30", "\"rc\":0")
        .Line("kevent k max=8 timeout=100ms", Timer("1"), Nothing, 100)
        .MustDiffer("1 EVFILT_TIMER is missing");

    [Test]
    public void DisabledTimerThatComesDiffers() => Periodic(sleep: 70)
        .Line(Now, Nothing, Timer("3"))
        .MustDiffer("1 EVFILT_TIMER is too much");

    private const string Now = "kevent k max=8 timeout=0";

    private static string Timer(string count) => Events(Event("1", "TIMER", count, "EV_CLEAR"));

    private static Recording Periodic(double sleep) => new Recording()
        .Line("add k timer 1 EV_ADD data=20", "\"rc\":0")
        .Line("sleep 70ms", Done, Done, sleep);

    private static Recording LateLook(double milliseconds) => new Recording()
        .Line("add k timer 1 EV_ADD|EV_ONESHOT data=30", "\"rc\":0")
        .Line("kevent k max=8 timeout=20ms", Nothing, Timer("1"), milliseconds);
}
