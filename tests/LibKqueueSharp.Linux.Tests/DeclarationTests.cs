using System.Reflection;
using System.Runtime.InteropServices;
using LibKqueueSharp.Linux.Tests.Support;
using Tmds.Linux;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>What the backend declares itself agrees with Tmds.LibC and Mono.Posix wherever they declare it too.</summary>
internal sealed class DeclarationTests : LinuxFixture
{
    /// <summary>The kernel's names that neither declares, with the values of its headers.</summary>
    private static readonly Dictionary<string, long> s_declaredNowhereElse = new()
    {
        ["TFD_NONBLOCK"] = 0x800,
        ["TFD_CLOEXEC"] = 0x80000,
        ["TFD_TIMER_ABSTIME"] = 1,
        ["CLOCK_MONOTONIC"] = 1,
        ["IN_CLOEXEC"] = 0x80000,
        ["IN_NONBLOCK"] = 0x800,
        ["IN_ACCESS"] = 0x1,
        ["IN_MODIFY"] = 0x2,
        ["IN_ATTRIB"] = 0x4,
        ["IN_CLOSE_WRITE"] = 0x8,
        ["IN_CLOSE_NOWRITE"] = 0x10,
        ["IN_OPEN"] = 0x20,
        ["IN_MOVED_FROM"] = 0x40,
        ["IN_MOVED_TO"] = 0x80,
        ["IN_CREATE"] = 0x100,
        ["IN_DELETE"] = 0x200,
        ["IN_Q_OVERFLOW"] = 0x4000,
        ["IN_IGNORED"] = 0x8000,
        ["IN_DELETE_SELF"] = 0x400,
        ["IN_MOVE_SELF"] = 0x800,
        ["IN_MASK_ADD"] = 0x2000_0000,
        ["IN_ISDIR"] = 0x4000_0000,
        ["IN_ENTRIES"] = 0x40 | 0x80 | 0x100 | 0x200,
        ["NETLINK_SOCK_DIAG"] = 4,
        ["SOCK_DIAG_BY_FAMILY"] = 20,
        ["NLM_F_REQUEST"] = 1,
        ["UDIAG_SHOW_RQLEN"] = 0x10,
        ["UNIX_DIAG_RQLEN"] = 4,
        ["P_PIDFD"] = 3,
        ["__WALL"] = 0x4000_0000,
        ["PIDFD_GET_INFO"] = 0xC040_FF0B,
        ["PIDFD_INFO_PID"] = 1,
        ["PIDFD_INFO_EXIT"] = 8,
        ["NETLINK_CONNECTOR"] = 11,
        ["CN_IDX_PROC"] = 1,
        ["CN_VAL_PROC"] = 1,
        ["PROC_CN_MCAST_LISTEN"] = 1,
        ["PROC_CN_MCAST_IGNORE"] = 2,
        ["NLMSG_DONE"] = 3,
        ["PROC_EVENT_NONE"] = 0,
        ["PROC_EVENT_FORK"] = 1,
        ["PROC_EVENT_EXEC"] = 2,
        ["PROC_EVENT_EXIT"] = 0x8000_0000,
    };

    private static IEnumerable<TestCaseData> Constants() =>
        from type in typeof(LinuxBackend).Assembly.GetTypes()
        from field in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
        where field.IsLiteral && !type.IsEnum && IsName(field.Name)
        select new TestCaseData(field).SetArgDisplayNames(type.Name, field.Name);

    [TestCaseSource(nameof(Constants))]
    public void ConstantIsThatOfTheSystem(FieldInfo field)
    {
        long value = Convert.ToInt64(field.GetRawConstantValue());
        long[] others = [.. Declared(field.Name)];
        if (others.Length == 0)
            Assert.That(s_declaredNowhereElse, Does.ContainKey(field.Name).WithValue(value));
        else
            Assert.That(others, Is.All.EqualTo(value));
    }

    [Test]
    public void EachConstantOfTheSystemIsFound() => Assert.That(Constants().Count(), Is.GreaterThan(20), "the search works");

    [Test]
    public void ListOfConstantsWithoutASecondSourceIsUpToDate()
    {
        string[] declared = [.. Constants().Select(c => ((FieldInfo)c.Arguments[0]!).Name).Distinct()];
        foreach (string name in s_declaredNowhereElse.Keys)
        {
            Assert.That(Declared(name), Is.Empty, $"{name} has a second source by now");
            Assert.That(declared, Does.Contain(name), $"{name} is used");
        }
    }

    [Test]
    public void EpollEventsAreThoseOfTheSystem()
    {
        Dictionary<EpollEvents, Mono.Unix.Native.EpollEvents> expected = new()
        {
            [EpollEvents.In] = Mono.Unix.Native.EpollEvents.EPOLLIN,
            [EpollEvents.Priority] = Mono.Unix.Native.EpollEvents.EPOLLPRI,
            [EpollEvents.Out] = Mono.Unix.Native.EpollEvents.EPOLLOUT,
            [EpollEvents.Error] = Mono.Unix.Native.EpollEvents.EPOLLERR,
            [EpollEvents.HangUp] = Mono.Unix.Native.EpollEvents.EPOLLHUP,
            [EpollEvents.ReadHangUp] = Mono.Unix.Native.EpollEvents.EPOLLRDHUP,
            [EpollEvents.Edge] = Mono.Unix.Native.EpollEvents.EPOLLET,
        };
        Dictionary<EpollEvents, int> libc = new()
        {
            [EpollEvents.In] = LibC.EPOLLIN,
            [EpollEvents.Priority] = LibC.EPOLLPRI,
            [EpollEvents.Out] = LibC.EPOLLOUT,
            [EpollEvents.Error] = LibC.EPOLLERR,
            [EpollEvents.HangUp] = LibC.EPOLLHUP,
            [EpollEvents.ReadHangUp] = LibC.EPOLLRDHUP,
            [EpollEvents.Edge] = LibC.EPOLLET,
        };
        foreach (EpollEvents bit in Enum.GetValues<EpollEvents>())
        {
            if (bit is EpollEvents.None or EpollEvents.Always)
                continue;
            Assert.That((uint)bit, Is.EqualTo((uint)expected[bit]), bit.ToString());
            Assert.That((uint)bit, Is.EqualTo((uint)libc[bit]), bit.ToString());
        }

        // poll(2) has the same numbers, on which Sys.Poll relies.
        Assert.That(
            new[] { LibC.POLLIN, LibC.POLLPRI, LibC.POLLOUT, LibC.POLLERR, LibC.POLLHUP, LibC.POLLRDHUP }.Select(b => (uint)b),
            Is.EqualTo(new[] { EpollEvents.In, EpollEvents.Priority, EpollEvents.Out, EpollEvents.Error, EpollEvents.HangUp, EpollEvents.ReadHangUp }.Select(b => (uint)b)));
    }

    [Test]
    public void ErrorNumbersAreThoseOfTheSystem()
    {
        foreach (Errno error in Enum.GetValues<Errno>())
        {
            if (error == Errno.None)
                continue;
            long[] others = [.. Declared(error.ToString())];
            Assert.That(others, Is.Not.Empty, error.ToString());
            Assert.That(others, Is.All.EqualTo((long)error), error.ToString());
        }
    }

    [Test]
    public unsafe void StructuresHaveTheLayoutOfTheSystem()
    {
        // struct itimerspec: two timespecs. struct inotify_event: four numbers of 32 bits, then the name.
        Assert.That(sizeof(Native.TimerSpec), Is.EqualTo(2 * sizeof(timespec)));
        Assert.That(Marshal.OffsetOf<Native.TimerSpec>(nameof(Native.TimerSpec.it_value)), Is.EqualTo((nint)sizeof(timespec)));
        Assert.That(sizeof(Native.InotifyEvent), Is.EqualTo(16));
        Assert.That(
            new[] { nameof(Native.InotifyEvent.wd), nameof(Native.InotifyEvent.mask), nameof(Native.InotifyEvent.cookie), nameof(Native.InotifyEvent.len) }
                .Select(n => (int)Marshal.OffsetOf<Native.InotifyEvent>(n)),
            Is.EqualTo(new[] { 0, 4, 8, 12 }));

        // The kernel packs epoll_event on x86-64 only.
        Assert.That(sizeof(epoll_event), Is.EqualTo(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16));
        Assert.That(sizeof(timespec), Is.EqualTo(16));
        Assert.That(sizeof(pollfd), Is.EqualTo(8));
    }

    [Test]
    public void TcpInfoIsReadAtTheRightPlaces()
    {
        // struct tcp_info has no second declaration: its fields are checked by what they say of a connection with a known history.
        Pair pair = NewPair(PairKind.Tcp);
        pair.B.Write(1000);
        Eventually.Holds(() => pair.A.Readable() == 1000, "the bytes");
        Eventually.Holds(() => SocketState.Acknowledged(pair.B) >= 1000, "tcpi_bytes_acked counts what the peer has");
        Assert.That(SocketState.Acknowledged(pair.B), Is.LessThanOrEqualTo(1001));
        Fd listener = Keep(Sockets.TcpListener(out ushort port));
        for (int i = 0; i < 3; i++)
            Sockets.Connect(Keep(Sockets.TcpSocket()), port);
        int waiting = 0;
        Eventually.Holds(() => SocketState.TryGetBacklog(listener, DescriptorKind.TcpSocket, out waiting) && waiting == 3, () => $"3 waiting, had {waiting}");
    }

    [Test]
    public void ConstantsOfTheClassifierNameTheirFiles()
    {
        foreach ((string name, mode_t mode) in new (string, mode_t)[]
        {
            ("S_IFMT", LibC.S_IFMT), ("S_IFSOCK", LibC.S_IFSOCK), ("S_IFREG", LibC.S_IFREG), ("S_IFDIR", LibC.S_IFDIR),
            ("S_IFBLK", LibC.S_IFBLK), ("S_IFIFO", LibC.S_IFIFO),
        })
        {
            FieldInfo? field = typeof(DescriptorClassifier).GetField(name, BindingFlags.Static | BindingFlags.NonPublic);
            Assert.That(field, Is.Not.Null, name);
            Assert.That(Convert.ToInt64(field!.GetRawConstantValue()), Is.EqualTo((long)(uint)mode), name);
        }
    }

    private static bool IsName(string name) => name.Length > 3 && name.Contains('_') && name.All(c => char.IsUpper(c) || char.IsDigit(c) || c == '_');

    /// <summary>The values that the two libraries give to a name.</summary>
    private static IEnumerable<long> Declared(string name)
    {
        if (typeof(LibC).GetProperty(name, BindingFlags.Static | BindingFlags.Public)?.GetValue(null) is { } value)
            yield return ToInt64(value);
        foreach (Type type in typeof(Mono.Unix.Native.Syscall).Assembly.GetExportedTypes())
        {
            // Mono.Posix keeps its own numbers for some names and translates; these enums hold the kernel's.
            if (type.IsEnum && type.Name is "EpollOp" or "EpollEvents" or "Errno" && Enum.IsDefined(type, name))
                yield return Convert.ToInt64(Enum.Parse(type, name));
        }
    }

    private static long ToInt64(object value) => value switch
    {
        mode_t mode => (uint)mode,
        sa_family_t family => (ushort)family,
        _ => Convert.ToInt64(value),
    };
}
