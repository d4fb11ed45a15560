using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Rows;

/// <summary>The tables of the report.</summary>
internal static class Groups
{
    internal static RowGroup Delivery { get; } = new(
        "delivery",
        "Delivering events",
        "Some of many descriptors become readable; their events are taken in calls with room for 128, and each is read. The active ones move "
        + "through the whole set. One operation is one event, with the write that causes it and the read that ends it. An event of kqueue tells how "
        + "many bytes there are, which on Linux takes an ioctl; the column with FIONREAD is the loop by hand that finds it out too.",
        "epoll by hand",
        "Socket async",
        "epoll by hand, FIONREAD");

    internal static RowGroup Registration { get; } = new(
        "registration",
        "Adding and deleting",
        "A set of 1,000 sockets is added, and deleted, one call each. One operation is one descriptor.",
        "epoll_ctl");

    internal static RowGroup Switching { get; } = new(
        "switching",
        "Disabling, enabling and arming again",
        "EV_DISABLE with EV_ENABLE of an idle socket, beside two EPOLL_CTL_MOD. And an event with EV_DISPATCH, written, taken, read and "
        + "enabled again, beside EPOLLONESHOT with EPOLL_CTL_MOD.",
        "epoll_ctl");

    internal static RowGroup User { get; } = new(
        "user",
        "User events and wake-ups",
        "EVFILT_USER with EV_CLEAR beside an eventfd in an epoll set, edge-triggered so that it needs no read. Across threads, each thread "
        + "has a processor of its own. `ping-pong` is one wake-up of many in turns; `latency` is the median time from the trigger until a "
        + "thread that has slept for 20 µs runs.",
        "eventfd + epoll");

    internal static RowGroup Timers { get; } = new(
        "timers",
        "Arming and disarming timers",
        "A one-shot timer is added and deleted while others are pending, all between a second and an hour away. System.Threading.Timer is made "
        + "and disposed of. The C library, which needs a descriptor for each timer, takes part among 1,000 only.",
        Alternative: "System.Threading.Timer");

    internal static RowGroup Idle { get; } = new(
        "idle",
        "Polling when nothing is ready",
        "A call with timeout 0.",
        "epoll_wait");

    internal static RowGroup Files { get; } = new(
        "files",
        "Watching files",
        "A byte of one of 10,000 watched files of a folder is overwritten, and the thread that did it takes the event (FileSystemWatcher: "
        + "is told by a semaphore from the watcher's thread). Watching one more is EV_ADD of an open file, inotify_add_watch by path, or a "
        + "FileSystemWatcher with the file's name as its filter. For the changes and the descriptors one FileSystemWatcher serves the whole folder.",
        "inotify by hand",
        "FileSystemWatcher");

    internal static RowGroup Children { get; } = new(
        "children",
        "Children that end",
        "From SIGKILL until the exit has been told, one of ten children after the other; all contenders start them with System.Diagnostics.Process.",
        "pidfd + poll",
        "WaitForExitAsync");

    internal static RowGroup Raised { get; } = new(
        "signals",
        "Signals",
        "The process sends itself SIGUSR1 and waits to be told. The runtime hands every signal to a thread of its own and from there to the "
        + "thread pool; both contenders pay for that.",
        Alternative: "PosixSignalRegistration");

    internal static RowGroup Memory { get; } = new(
        "memory",
        "Bytes a registration",
        "Growth of the managed heap and of malloc's, after a collection, by 10,000 registrations; tables and their reserves included.",
        Alternative: "System.Threading.Timer");

    internal static RowGroup Native { get; } = new(
        "native",
        "The native backend",
        "kevent(2) of the C library through the backend for kernels, beside the same call by function pointer. Where no C library is installed the "
        + "rows are left out.",
        "direct call");

    internal static RowGroup Echo { get; } = new(
        "echo",
        "Echo servers",
        "A server process with one thread (Socket async: the thread pool) and a client process on the loopback; 64 bytes there and back. 20 "
        + "connections always have one message under way, the others are idle. `time` is the time a request takes of the server's whole output, "
        + "`processor` the server's processor time a request, `p99` the 99th percentile of the time from send to answer.",
        "epoll by hand",
        "Socket async");
}
