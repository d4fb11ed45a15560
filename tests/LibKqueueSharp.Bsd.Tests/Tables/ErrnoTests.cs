namespace LibKqueueSharp.Kernels.Tests;

/// <summary>The numbers of the errors.</summary>
public sealed class ErrnoTests
{
    [TestCase("freebsd", 35, Errno.EAGAIN, "EAGAIN (35)")]
    [TestCase("freebsd", 11, (Errno)1011, "EDEADLK (11)")]
    [TestCase("freebsd", 22, Errno.EINVAL, "EINVAL (22)")]
    [TestCase("freebsd", 36, Errno.EINPROGRESS, "EINPROGRESS (36)")]
    [TestCase("freebsd", 45, Errno.ENOTSUP, "EOPNOTSUPP (45)")]
    [TestCase("freebsd", 51, Errno.ENETUNREACH, "ENETUNREACH (51)")]
    [TestCase("freebsd", 53, Errno.ECONNABORTED, "ECONNABORTED (53)")]
    [TestCase("freebsd", 54, Errno.ECONNRESET, "ECONNRESET (54)")]
    [TestCase("freebsd", 57, Errno.ENOTCONN, "ENOTCONN (57)")]
    [TestCase("freebsd", 60, Errno.ETIMEDOUT, "ETIMEDOUT (60)")]
    [TestCase("freebsd", 61, Errno.ECONNREFUSED, "ECONNREFUSED (61)")]
    [TestCase("freebsd", 62, Errno.ELOOP, "ELOOP (62)")]
    [TestCase("freebsd", 65, Errno.EHOSTUNREACH, "EHOSTUNREACH (65)")]
    [TestCase("freebsd", 85, Errno.ECANCELED, "ECANCELED (85)")]
    [TestCase("freebsd", 93, (Errno)1093, "ENOTCAPABLE (93)")]
    [TestCase("freebsd11", 35, Errno.EAGAIN, "EAGAIN (35)")]
    [TestCase("dragonfly", 85, Errno.ECANCELED, "ECANCELED (85)")]
    [TestCase("dragonfly", 45, Errno.ENOTSUP, "EOPNOTSUPP (45)")]
    [TestCase("netbsd", 86, Errno.ENOTSUP, "ENOTSUP (86)")]
    [TestCase("netbsd", 87, Errno.ECANCELED, "ECANCELED (87)")]
    [TestCase("netbsd", 45, (Errno)1045, "EOPNOTSUPP (45)")]
    [TestCase("openbsd", 91, Errno.ENOTSUP, "ENOTSUP (91)")]
    [TestCase("openbsd", 88, Errno.ECANCELED, "ECANCELED (88)")]
    [TestCase("macos", 45, Errno.ENOTSUP, "ENOTSUP (45)")]
    [TestCase("macos", 89, Errno.ECANCELED, "ECANCELED (89)")]
    [TestCase("macos", 102, (Errno)1102, "EOPNOTSUPP (102)")]
    [TestCase("macos", 35, Errno.EAGAIN, "EAGAIN (35)")]
    [TestCase("libkqueue", 11, Errno.EAGAIN, "EAGAIN (11)")]
    [TestCase("libkqueue", 95, Errno.ENOTSUP, "ENOTSUP (95)")]
    [TestCase("freebsd", 250, (Errno)1250, "1250 (250)")]
    public void NumberIsTheSystems(string abi, int number, Errno ours, string description)
    {
        ErrnoTable table = KqueueAbi.Find(abi)!.Errors;
        Assert.Multiple(() =>
        {
            Assert.That(table.FromSystem(number), Is.EqualTo(ours));
            Assert.That(table.ToSystem(ours), Is.EqualTo(number));
            Assert.That(table.Describe(ours), Is.EqualTo(description));
        });
    }

    [Test]
    public void EveryNumberComesBack([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi)
    {
        for (int number = 1; number < 200; number++)
            Assert.That(abi.Errors.ToSystem(abi.Errors.FromSystem(number)), Is.EqualTo(number), $"{abi.Errors.FromSystem(number)}");
    }

    [Test]
    public void LowNumbersAreTheSameEverywhere([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi)
    {
        foreach (Errno error in Enum.GetValues<Errno>().Where(e => (int)e is < 35 and not 11))
            Assert.That(abi.Errors.ToSystem(error), Is.EqualTo((int)error), $"{error}");
    }
}
