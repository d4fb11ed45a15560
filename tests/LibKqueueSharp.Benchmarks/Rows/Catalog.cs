using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Queues;
using LibKqueueSharp.Benchmarks.Rows.Children;
using LibKqueueSharp.Benchmarks.Rows.Delivery;
using LibKqueueSharp.Benchmarks.Rows.Files;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Rows;

/// <summary>All rows that run in this process.</summary>
internal sealed class Catalog(Effort effort)
{
    private static readonly RatioGoal s_delivery = new(Role.Floor, 1.15);
    private static readonly RatioGoal s_registration = new(Role.Floor, 1.3);
    private static readonly RatioGoal s_wakeUp = new(Role.Floor, 1.1);
    private static readonly RatioGoal s_tenth = new(Role.CLibrary, 0.1);
    private static readonly RatioGoal s_native = new(Role.Floor, 1.2);
    private static readonly NoCallGoal s_noCall = new();

    internal IEnumerable<Row> Rows =>
        [
            .. Delivery(), .. Registration(), .. Switching(), .. User(), .. Timers(), .. Idle(),
            .. WatchedFiles(), .. Processes(), .. Memory(), .. Native(),
        ];

    private IEnumerable<Row> Delivery()
    {
        foreach (int count in (int[])[1_000, 10_000])
        {
            // Measured where a system call takes 1 µs: 3 s for each set of 10,000 pairs, of which a row has four.
            bool one = effort == Effort.Quick && count == 10_000;
            foreach (int active in one ? [10] : (int[])[1, 10, 100])
                yield return Delivered("sockets", DescriptorSet.Sockets, count, active);
        }

        yield return Delivered("sockets", DescriptorSet.Sockets, 1_000, 1_000);
        foreach (int active in (int[])[1, 10, 100])
            yield return Delivered("pipes", DescriptorSet.Pipes, 1_000, active);
        yield return Delivered("sockets", DescriptorSet.Sockets, 1_000, 10, clear: true);
    }

    private Row Delivered(string kind, Func<int, DescriptorSet> create, int count, int active, bool clear = false)
    {
        int scaled = effort.Scale(count);
        int atOnce = Math.Min(active, scaled);
        EventFlags flags = clear ? EventFlags.Clear : EventFlags.None;
        Dictionary<Role, Func<Contender>> contenders = new()
        {
            [Role.Subject] = () => new KeventDelivery<LibraryQueue>(create(scaled), atOnce, flags),
            [Role.Floor] = () => new EpollDelivery(create(scaled), atOnce, clear ? Libc.EPOLLET : 0),
        };
        contenders[Role.CountingFloor] = () => new EpollDelivery(create(scaled), atOnce, clear ? Libc.EPOLLET : 0, counts: true);
        if (kind == "sockets" && !clear)
            contenders[Role.Alternative] = () => new SocketDelivery(create(scaled), atOnce);
        if (CLibrary.IsLoaded)
            contenders[Role.CLibrary] = () => new KeventDelivery<CQueue>(create(scaled), atOnce, flags);
        string suffix = clear ? "-clear" : "";
        string title = $"{active:N0} active of {count:N0} {kind}{(clear ? ", EV_CLEAR" : "")}";
        return new Row(Groups.Delivery, $"{kind}-{count}-{active}{suffix}", title)
        {
            Contenders = contenders,
            Goals = clear ? [] : [s_delivery],
            CountsSystemCalls = count == 1_000,
        };
    }

    private IEnumerable<Row> Registration()
    {
        int count = effort.Scale(1_000);
        foreach (bool delete in (bool[])[false, true])
        {
            yield return new Row(Groups.Registration, delete ? "delete" : "add", delete ? "EV_DELETE" : "EV_ADD")
            {
                Contenders = Beside(
                    () => new KeventRegistration<LibraryQueue>(DescriptorSet.Sockets(count), delete),
                    () => new KeventRegistration<CQueue>(DescriptorSet.Sockets(count), delete),
                    floor: () => new EpollRegistration(DescriptorSet.Sockets(count), delete)),
                Goals = [s_registration],
                CountsSystemCalls = true,
            };
        }
    }

    private static IEnumerable<Row> Switching()
    {
        yield return new Row(Groups.Switching, "disable-enable", "EV_DISABLE and EV_ENABLE")
        {
            Contenders = Beside(
                () => new KeventSwitching<LibraryQueue>(),
                () => new KeventSwitching<CQueue>(),
                floor: () => new EpollSwitching()),
            Goals = [s_noCall],
            CountsSystemCalls = true,
        };
        yield return new Row(Groups.Switching, "dispatch", "EV_DISPATCH: event, read, EV_ENABLE")
        {
            Contenders = Beside(
                () => new KeventDispatching<LibraryQueue>(),
                () => new KeventDispatching<CQueue>(),
                floor: () => new EpollDispatching()),
            Goals = [new NoCallGoal("epoll_ctl")],
            CountsSystemCalls = true,
        };
    }

    private static IEnumerable<Row> User()
    {
        yield return new Row(Groups.User, "same-thread", "trigger and take, one thread")
        {
            Contenders = Beside(
                () => new UserEvents<KeventSignal<LibraryQueue>>(),
                () => new UserEvents<KeventSignal<CQueue>>(),
                floor: () => new UserEvents<EventFdSignal>()),
            Goals = [s_noCall, s_tenth],
            CountsSystemCalls = true,
        };
        yield return new Row(Groups.User, "ping-pong", "wake-up, in turns")
        {
            Contenders = Beside(
                () => new PingPong<KeventSignal<LibraryQueue>>(),
                () => new PingPong<KeventSignal<CQueue>>(),
                floor: () => new PingPong<EventFdSignal>()),
            Goals = [s_wakeUp],
            CountsSystemCalls = true,
        };
        yield return new Row(Groups.User, "latency", "trigger to wake-up, latency")
        {
            Contenders = Beside(
                () => new WakeLatency<KeventSignal<LibraryQueue>>(),
                () => new WakeLatency<KeventSignal<CQueue>>(),
                floor: () => new WakeLatency<EventFdSignal>()),
            Goals = [s_wakeUp],
        };
    }

    private IEnumerable<Row> Timers()
    {
        foreach (int count in (int[])[1_000, 100_000])
        {
            int pending = effort.Scale(count);
            bool few = count == 1_000;
            yield return new Row(Groups.Timers, $"arm-disarm-{count}", $"among {count:N0}")
            {
                Contenders = Beside(
                    () => new KeventTimers<LibraryQueue>(pending),
                    few ? () => new KeventTimers<CQueue>(pending) : null,
                    alternative: () => new ThreadingTimers(pending)),
                Goals = few ? [s_tenth, s_noCall] : [],
                CountsSystemCalls = few,
            };
        }
    }

    private static IEnumerable<Row> Idle()
    {
        yield return new Row(Groups.Idle, "poll", "100 sockets registered")
        {
            Contenders = Beside(
                () => new KeventPolling<LibraryQueue>(100),
                () => new KeventPolling<CQueue>(100),
                floor: () => new EpollPolling(100)),
            CountsSystemCalls = true,
        };
    }

    private IEnumerable<Row> WatchedFiles()
    {
        int count = effort.Scale(10_000);
        yield return new Row(Groups.Files, "change", "a change, 10,000 watched")
        {
            MostRounds = 5,
            Contenders = Beside(
                () => new KeventFileChanges<LibraryQueue>(count),
                () => new KeventFileChanges<CQueue>(count),
                floor: () => new InotifyFileChanges(count),
                alternative: () => new WatcherFileChanges(count)),
            CountsSystemCalls = true,
        };
        yield return new Row(Groups.Files, "add", "watching one more")
        {
            MostRounds = 9,
            Contenders = Beside(
                () => new KeventFileRegistration<LibraryQueue>(effort.Scale(1_000)),
                () => new KeventFileRegistration<CQueue>(effort.Scale(1_000)),
                floor: () => new InotifyFileRegistration(effort.Scale(1_000)),
                alternative: () => new WatcherFileRegistration()),
            CountsSystemCalls = true,
        };
        foreach (bool withFiles in (bool[])[false, true])
        {
            yield return new Row(
                Groups.Files,
                withFiles ? "descriptors-with-files" : "descriptors",
                withFiles ? "descriptors, those of the 10,000 files included" : "descriptors beside those of the 10,000 files")
            {
                Unit = Units.Descriptors,
                MostRounds = 1,
                Contenders = Beside(
                    () => new KeventFileDescriptors<LibraryQueue>(count, withFiles),
                    () => new KeventFileDescriptors<CQueue>(count, withFiles),
                    floor: () => new InotifyFileDescriptors(count),
                    alternative: () => new WatcherFileDescriptors(count)),
            };
        }
    }

    private static IEnumerable<Row> Processes()
    {
        yield return new Row(Groups.Children, "exit", "exit of a child")
        {
            MostRounds = 9,
            Contenders = Beside(
                () => new KeventChildExits<LibraryQueue>(),
                () => new KeventChildExits<CQueue>(),
                floor: () => new PidfdChildExits(),
                alternative: () => new AsyncChildExits()),
        };
        yield return new Row(Groups.Raised, "own", "a signal to itself")
        {
            Contenders = Beside(
                () => new KeventRaisedSignals<LibraryQueue>(),
                cLibrary: null,
                alternative: () => new RegisteredSignals()),
        };
    }

    private IEnumerable<Row> Memory()
    {
        int count = effort.Scale(10_000);
        foreach (EventFilter filter in (EventFilter[])[EventFilter.Read, EventFilter.Timer, EventFilter.User])
        {
            yield return new Row(Groups.Memory, filter.ToString().ToLowerInvariant(), filter.ToString())
            {
                Unit = Units.Bytes,
                MostRounds = 5,
                Contenders = Beside(
                    () => new KnoteMemory<LibraryQueue>(filter, count),
                    () => new KnoteMemory<CQueue>(filter, count),
                    alternative: filter == EventFilter.Timer ? () => new TimerMemory(count) : null),
                Goals = [new ValueGoal(160, Units.Bytes)],
            };
        }
    }

    private static IEnumerable<Row> Native()
    {
        if (!CLibrary.IsLoaded)
            yield break;
        yield return new Row(Groups.Native, "native-poll", "a call that finds nothing, 100 sockets registered")
        {
            Contenders = Beside(() => new KeventPolling<NativeQueue>(100), null, floor: () => new KeventPolling<CQueue>(100)),
            Goals = [s_native],
        };
        yield return new Row(Groups.Native, "native-user", "a user event, triggered and taken")
        {
            Contenders = Beside(
                () => new UserEvents<KeventSignal<NativeQueue>>(),
                null,
                floor: () => new UserEvents<KeventSignal<CQueue>>()),
            Goals = [s_native],
        };
    }

    private static Dictionary<Role, Func<Contender>> Beside(
        Func<Contender> subject,
        Func<Contender>? cLibrary,
        Func<Contender>? floor = null,
        Func<Contender>? alternative = null)
    {
        Dictionary<Role, Func<Contender>> contenders = new() { [Role.Subject] = subject };
        if (floor is not null)
            contenders[Role.Floor] = floor;
        if (alternative is not null)
            contenders[Role.Alternative] = alternative;
        if (cLibrary is not null && CLibrary.IsLoaded)
            contenders[Role.CLibrary] = cLibrary;
        return contenders;
    }
}
