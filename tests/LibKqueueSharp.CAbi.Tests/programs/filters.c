/* An event of each filter, as a C program meets it. */
#include "check.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static void read_and_write(void)
{
    int ends[2];
    int kq = kqueue();
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(change(kq, (uintptr_t)ends[0], EVFILT_READ, EV_ADD, 0, 0) == 0);
    CHECK(change(kq, (uintptr_t)ends[0], EVFILT_WRITE, EV_ADD | EV_ONESHOT, 0, 0) == 0);
    CHECK(next_event(kq) == 1 && last[0].filter == EVFILT_WRITE && last[0].data > 0);
    CHECK(write(ends[1], "hello", 5) == 5);
    CHECK(next_event(kq) == 1 && last[0].filter == EVFILT_READ && last[0].data == 5 && !(last[0].flags & EV_EOF));
    CHECK(close(ends[1]) == 0);
    CHECK(next_event(kq) == 1 && last[0].filter == EVFILT_READ && last[0].data == 5 && (last[0].flags & EV_EOF));
}

static void timer_is_not_early(void)
{
    int kq = kqueue();
    double start = seconds();
    CHECK(change(kq, 1, EVFILT_TIMER, EV_ADD | EV_ONESHOT, NOTE_MSECONDS, 50) == 0);
    CHECK(next_event(kq) == 1 && last[0].filter == EVFILT_TIMER && last[0].data == 1);
    CHECK(seconds() - start >= 0.050);

    struct timespec brief = { 0, 300000000 };
    start = seconds();
    CHECK(kevent(kq, NULL, 0, last, 1, &brief) == 0);
    CHECK(seconds() - start >= 0.300);
}

static void user_events(void)
{
    int kq = kqueue();
    struct kevent c;
    EV_SET(&c, 7, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0, &c);
    CHECK(kevent(kq, &c, 1, NULL, 0, NULL) == 0);
    EV_SET(&c, 7, EVFILT_USER, 0, NOTE_TRIGGER | NOTE_FFCOPY | 5, 42, &c);
    CHECK(kevent(kq, &c, 1, last, 1, NULL) == 1);
    CHECK(last[0].ident == 7 && last[0].fflags == 5 && last[0].data == 42 && last[0].udata == &c);
    CHECK(poll_queue(kq) == 0);
}

static void process_exit(void)
{
    int kq = kqueue();
    int status;
    pid_t child = fork();
    if (child == 0) {
        pause_for(50);
        _exit(3);
    }
    CHECK(change(kq, (uintptr_t)child, EVFILT_PROC, EV_ADD, NOTE_EXIT, 0) == 0);
    CHECK(next_event(kq) == 1 && last[0].filter == EVFILT_PROC && last[0].ident == (uintptr_t)child);
    CHECK((last[0].fflags & NOTE_EXIT) && WEXITSTATUS((int)last[0].data) == 3);
    CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 3);
}

static void process_descriptor(void)
{
    int kq = kqueue();
    pid_t child = fork();
    if (child == 0) {
        pause_for(50);
        _exit(4);
    }
    int pidfd = (int)syscall(SYS_pidfd_open, child, 0);
    CHECK(pidfd >= 0);
    CHECK(change(kq, (uintptr_t)pidfd, EVFILT_PROCDESC, EV_ADD, NOTE_EXIT, 0) == 0);
    CHECK(next_event(kq) == 1 && last[0].filter == EVFILT_PROCDESC && WEXITSTATUS((int)last[0].data) == 4);
    CHECK(waitpid(child, NULL, 0) == child);
}

static void file_changes(void)
{
    char path[] = "/tmp/kqueue-XXXXXX";
    int kq = kqueue();
    int file = mkstemp(path);
    CHECK(file >= 0);
    CHECK(change(kq, (uintptr_t)file, EVFILT_VNODE, EV_ADD | EV_CLEAR, NOTE_WRITE | NOTE_EXTEND | NOTE_DELETE, 0) == 0);
    CHECK(write(file, "x", 1) == 1);
    CHECK(next_event(kq) == 1 && last[0].filter == EVFILT_VNODE && last[0].fflags == (NOTE_WRITE | NOTE_EXTEND));
    CHECK(unlink(path) == 0);
    CHECK(next_event(kq) == 1 && last[0].fflags == NOTE_DELETE);
}

/* The whole time of a wait is waited, slice after slice, and a wait of many slices ends with its event. */
static void wait_of_many_slices(void)
{
    int kq = kqueue();
    struct timespec long_wait = { 0, 900000000 };
    double start = seconds();
    CHECK(kevent(kq, NULL, 0, last, 1, &long_wait) == 0);
    CHECK(seconds() - start >= 0.900);
    CHECK(change(kq, 1, EVFILT_TIMER, EV_ADD | EV_ONESHOT, 0, 800) == 0);
    CHECK(kevent(kq, NULL, 0, last, 1, NULL) == 1 && last[0].filter == EVFILT_TIMER);
    CHECK(seconds() - start >= 1.700);
}

static void many_changes_in_one_call(void)
{
    static struct kevent many[20000];
    int kq = kqueue();
    for (int i = 0; i < 10000; i++) {
        EV_SET(&many[i], (uintptr_t)i, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0, NULL);
        EV_SET(&many[10000 + i], (uintptr_t)i, EVFILT_USER, 0, NOTE_TRIGGER, 0, NULL);
    }
    CHECK(kevent(kq, many, 20000, NULL, 0, NULL) == 0);
    CHECK(kevent(kq, NULL, 0, many, 20000, &zero) == 10000);
    CHECK(kevent(kq, NULL, 0, many, 20000, &zero) == 0);
}

RUN_BY_NAME(
    { "ReadAndWrite", read_and_write },
    { "TimerIsNotEarly", timer_is_not_early },
    { "UserEvents", user_events },
    { "ProcessExit", process_exit },
    { "ProcessDescriptor", process_descriptor },
    { "FileChanges", file_changes },
    { "WaitOfManySlices", wait_of_many_slices },
    { "ManyChangesInOneCall", many_changes_in_one_call })
