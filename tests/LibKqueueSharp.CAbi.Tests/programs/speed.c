/*
 * The same work through kevent() and through epoll by hand, in turns; medians of the rounds, in nanoseconds of processor time an operation. "speed 3" does
 * three short rounds, to see that it works.
 */
#include "check.h"

#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define DESCRIPTORS 1000
#define TIMERS 10000
#define ROOM 128
#define MOST_ROUNDS 101

static int rounds = 31;
static int repeats = 2000;

/* Each contender has descriptors of its own: a write would wake both otherwise. */
struct group {
    int ends[DESCRIPTORS][2];
    int next;
};

static struct group ours_watched, by_hand, at_least;
static int kq;
static int set;

/* What the library cannot do without: a set that shows the one in which threads sleep, and is asked at each call what it is. */
static int shown_set;
static int inner_set;

static struct kevent events[ROOM];
static struct epoll_event ready[ROOM];

static void activate(struct group *group, int active)
{
    for (int i = 0; i < active; i++) {
        group->next = (group->next + 7) % DESCRIPTORS;
        CHECK(write(group->ends[group->next][1], "x", 1) == 1);
    }
}

static void drain(int fd)
{
    char byte;
    CHECK(read(fd, &byte, 1) == 1);
}

static void deliver_kqueue(int active)
{
    for (int done = 0; done < repeats; done += active) {
        activate(&ours_watched, active);
        for (int taken = 0; taken < active;) {
            int count = kevent(kq, NULL, 0, events, ROOM, NULL);
            CHECK(count > 0);
            for (int i = 0; i < count; i++)
                drain((int)events[i].ident);
            taken += count;
        }
    }
}

static void deliver_epoll(int active)
{
    for (int done = 0; done < repeats; done += active) {
        activate(&by_hand, active);
        for (int taken = 0; taken < active;) {
            int count = epoll_wait(set, ready, ROOM, -1);
            CHECK(count > 0);
            for (int i = 0; i < count; i++)
                drain(ready[i].data.fd);
            taken += count;
        }
    }
}

static void deliver_at_least(int active)
{
    for (int done = 0; done < repeats; done += active) {
        activate(&at_least, active);
        for (int taken = 0; taken < active;) {
            CHECK(fcntl(shown_set, F_GETSIG) == 1);
            int count = epoll_wait(inner_set, ready, ROOM, 0);
            CHECK(count > 0);
            for (int i = 0; i < count; i++) {
                int bytes;
                CHECK(ioctl(ready[i].data.fd, FIONREAD, &bytes) == 0 && bytes > 0);
                events[i].data = bytes;
            }
            for (int i = 0; i < count; i++)
                drain(ready[i].data.fd);
            taken += count;
        }
    }
}

static int lone[2];
static int other;

static void add_kqueue(int unused)
{
    (void)unused;
    for (int i = 0; i < repeats; i++) {
        change(other, (uintptr_t)lone[0], EVFILT_READ, EV_ADD, 0, 0);
        change(other, (uintptr_t)lone[0], EVFILT_READ, EV_DELETE, 0, 0);
    }
}

static int other_set;

static void add_epoll(int unused)
{
    struct epoll_event e = { .events = EPOLLIN };
    (void)unused;
    for (int i = 0; i < repeats; i++) {
        epoll_ctl(other_set, EPOLL_CTL_ADD, lone[0], &e);
        epoll_ctl(other_set, EPOLL_CTL_DEL, lone[0], &e);
    }
}

static void add_at_least(int unused)
{
    struct epoll_event e = { .events = EPOLLIN };
    (void)unused;
    for (int i = 0; i < repeats; i++) {
        CHECK(fcntl(shown_set, F_GETSIG) == 1);
        epoll_ctl(inner_set, EPOLL_CTL_ADD, lone[0], &e);
        CHECK(fcntl(shown_set, F_GETSIG) == 1);
        epoll_ctl(inner_set, EPOLL_CTL_DEL, lone[0], &e);
    }
}

/* Two calls that need nothing of the kernel but to know that the number is still the queue's. */
static void ask_twice(int unused)
{
    (void)unused;
    for (int i = 0; i < repeats; i++) {
        CHECK(fcntl(shown_set, F_GETSIG) == 1);
        CHECK(fcntl(shown_set, F_GETSIG) == 1);
    }
}

static int users;

/* One call triggers, another collects. */
static void user_two_calls(int unused)
{
    (void)unused;
    for (int i = 0; i < repeats; i++) {
        change(users, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0);
        CHECK(kevent(users, NULL, 0, events, 1, &zero) == 1);
    }
}

static void user_one_call(int unused)
{
    struct kevent c;
    (void)unused;
    EV_SET(&c, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0, NULL);
    for (int i = 0; i < repeats; i++)
        CHECK(kevent(users, &c, 1, events, 1, &zero) == 1);
}

static int timers;

static void arm_and_disarm(int unused)
{
    (void)unused;
    for (int i = 0; i < repeats; i++) {
        change(timers, (uintptr_t)TIMERS, EVFILT_TIMER, EV_ADD, 0, 1000000 + i % 1000);
        change(timers, (uintptr_t)TIMERS, EVFILT_TIMER, EV_DELETE, 0, 0);
    }
}

static void empty_kqueue(int unused)
{
    (void)unused;
    for (int i = 0; i < repeats; i++)
        CHECK(kevent(kq, NULL, 0, events, 1, &zero) == 0);
}

static void empty_epoll(int unused)
{
    (void)unused;
    for (int i = 0; i < repeats; i++)
        CHECK(epoll_wait(set, ready, 1, 0) == 0);
}

static void system_call(int unused)
{
    (void)unused;
    for (int i = 0; i < repeats; i++)
        getppid();
}

typedef void (*work)(int);

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Processor time: one thread does all of it, and other programs may be running. */
static double processor_time(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double once(work what, int argument)
{
    double start = processor_time();
    what(argument);
    return (processor_time() - start) / repeats;
}

static void compare(const char *name, work ours, work floor, int argument)
{
    double a[MOST_ROUNDS], b[MOST_ROUNDS], ratio[MOST_ROUNDS];
    for (int i = -1; i < rounds; i++) {
        double x = once(ours, argument);
        double y = once(floor, argument);
        if (i < 0)
            continue;
        a[i] = x;
        b[i] = y;
        ratio[i] = x / y;
    }
    qsort(a, (size_t)rounds, sizeof *a, ascending);
    qsort(b, (size_t)rounds, sizeof *b, ascending);
    qsort(ratio, (size_t)rounds, sizeof *ratio, ascending);
    printf("| %s | %.0f ns | %.0f ns | %.2f (%.2f to %.2f) |\n", name, a[rounds / 2], b[rounds / 2], ratio[rounds / 2], ratio[rounds / 4],
        ratio[rounds * 3 / 4]);
    fflush(stdout);
}

static void prepare(void)
{
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = limit.rlim_max;
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    kq = kqueue();
    users = kqueue();
    timers = kqueue();
    other = kqueue();
    set = epoll_create1(EPOLL_CLOEXEC);
    other_set = epoll_create1(EPOLL_CLOEXEC);
    shown_set = epoll_create1(EPOLL_CLOEXEC);
    inner_set = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event wanted = { .events = EPOLLIN };
    CHECK(epoll_ctl(shown_set, EPOLL_CTL_ADD, inner_set, &wanted) == 0 && fcntl(shown_set, F_SETSIG, 1) == 0);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, lone) == 0);
    CHECK(change(users, 1, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0) == 0);
    for (int i = 0; i < TIMERS; i++)
        CHECK(change(timers, (uintptr_t)i, EVFILT_TIMER, EV_ADD, 0, 900000 + i) == 0);
}

typedef int (*maker)(int ends[2]);

static int socket_pair(int ends[2])
{
    return socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
}

static void watch(struct group *group, maker make)
{
    for (int i = 0; i < DESCRIPTORS; i++) {
        CHECK(make(group->ends[i]) == 0);
        int fd = group->ends[i][0];
        struct epoll_event e = { .events = EPOLLIN, .data.fd = fd };
        if (group == &ours_watched)
            CHECK(change(kq, (uintptr_t)fd, EVFILT_READ, EV_ADD, 0, 0) == 0);
        else
            CHECK(epoll_ctl(group == &by_hand ? set : inner_set, EPOLL_CTL_ADD, fd, &e) == 0);
    }
}

static void forget(struct group *group)
{
    for (int i = 0; i < DESCRIPTORS; i++) {
        close(group->ends[i][0]);
        close(group->ends[i][1]);
    }
}

static void deliver(const char *name, maker make)
{
    static const int active[] = { 1, 10, 100 };
    watch(&ours_watched, make);
    watch(&by_hand, make);
    watch(&at_least, make);
    for (int i = 0; i < 3; i++) {
        char row[64];
        snprintf(row, sizeof row, "%d active of 1,000 %s", active[i], name);
        compare(row, deliver_kqueue, deliver_epoll, active[i]);
        compare("as above, the least system calls", deliver_at_least, deliver_epoll, active[i]);
    }
    compare("nothing ready", empty_kqueue, empty_epoll, 0);
    forget(&ours_watched);
    forget(&by_hand);
    forget(&at_least);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        rounds = atoi(argv[1]);
        repeats = rounds < 10 ? 200 : repeats;
        CHECK(rounds > 0 && rounds <= MOST_ROUNDS);
    }
    prepare();
    printf("| work | kevent | epoll by hand | ratio |\n|---|---:|---:|---:|\n");
    compare("user event: trigger, collect (two calls); empty epoll_wait", user_two_calls, empty_epoll, 0);
    compare("user event: trigger and collect (one call); empty epoll_wait", user_one_call, empty_epoll, 0);
    compare("timer: arm, disarm among 10,000; empty epoll_wait", arm_and_disarm, empty_epoll, 0);
    compare("EV_ADD, EV_DELETE; epoll_ctl", add_kqueue, add_epoll, 0);
    compare("as above, the least system calls", add_at_least, add_epoll, 0);
    compare("two calls that do nothing, the least system calls; empty epoll_wait", ask_twice, empty_epoll, 0);
    deliver("sockets", socket_pair);
    deliver("pipes", pipe);
    compare("empty epoll_wait; getppid()", empty_epoll, system_call, 0);
    return 0;
}
