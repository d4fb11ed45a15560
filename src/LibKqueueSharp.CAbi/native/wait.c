/*
 * kevent(2) that waits: managed code says how long and in which epoll set, and the thread sleeps here, outside of managed code and of the gate.
 * So a fork(2) need not wait for it, and it may be cancelled.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "gate.h"
#include "managed.h"

/*
 * close(2) of the queue wakes nobody: no system call tells of it. So a wait looks at its descriptor this often, in
 * nanoseconds. Four times a second costs some 20 us of processor time.
 */
#define SLICE INT64_C(250000000)

struct sleep {
    struct wait wait;
    char *room;
    sigset_t mask;
    int cancel_state;
    int cancel_type;
};

/*
 * Of glibc, declared in older headers. Unlike pthread_cleanup_push(3) they are called by longjmp(3) as well, and leave nothing of this frame behind that the end of
 * the thread would go back to.
 */
void _pthread_cleanup_push(struct _pthread_cleanup_buffer *buffer, void (*routine)(void *), void *argument);
void _pthread_cleanup_pop(struct _pthread_cleanup_buffer *buffer, int execute);

/* Later than any sleep lasts, for a null or far timeout. */
static int64_t deadline_of(const struct timespec *timeout)
{
    if (timeout == NULL || timeout->tv_sec > INT64_MAX / 4000000000)
        return INT64_MAX;
    return gate_now() + timeout->tv_sec * INT64_C(1000000000) + timeout->tv_nsec;
}

static struct epoll_event *events_of(const struct sleep *sleep)
{
    return (struct epoll_event *)(sleep->room + WAIT_HEADER);
}

/*
 * pthread_cancel(3) during the sleep, or a signal handler that leaves it by longjmp(3). In the former case the system call may have been over by then, and edges be lost with what it wrote: so the room was clean, and what is
 * in it now is given to managed code, which wakes another thread for it.
 */
static void left(void *argument)
{
    struct sleep *sleep = argument;
    int entries = 0;
    int error = 0;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    while (entries < sleep->wait.most && events_of(sleep)[entries].data.u64 != 0)
        entries++;
    gate_enter();
    kqs_wait_awake(&sleep->wait, sleep->room, entries, NULL, 0, &error);
    kqs_wait_end(&sleep->wait);
    gate_leave();
    pthread_sigmask(SIG_SETMASK, &sleep->mask, NULL);
    pthread_setcanceltype(sleep->cancel_type, NULL);
    pthread_setcancelstate(sleep->cancel_state, NULL);
}

/* Where epoll_pwait2(2) is missing, as under some emulators of processors, milliseconds do. */
static int sleep_in_set(struct sleep *sleep)
{
    int64_t nanoseconds = sleep->wait.nanoseconds;
    struct timespec timeout = { nanoseconds / 1000000000, nanoseconds % 1000000000 };
    int entries = epoll_pwait2(sleep->wait.set, events_of(sleep), sleep->wait.most, &timeout, &sleep->mask);
    if (entries >= 0 || errno != ENOSYS)
        return entries;
    return epoll_pwait(sleep->wait.set, events_of(sleep), sleep->wait.most, (int)((nanoseconds + 999999) / 1000000), &sleep->mask);
}

/* The number of entries, or -1 with the errno. Signals and cancellation come in now, and at no other time during a wait. */
static int go_to_sleep(struct sleep *sleep)
{
    struct _pthread_cleanup_buffer buffer;
    int entries;
    memset(events_of(sleep), 0, sizeof(struct epoll_event) * (size_t)sleep->wait.most);
    _pthread_cleanup_push(&buffer, left, sleep);
    pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &sleep->cancel_type);
    pthread_setcancelstate(sleep->cancel_state, NULL);
    entries = sleep_in_set(sleep);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    pthread_setcanceltype(sleep->cancel_type, NULL);
    _pthread_cleanup_pop(&buffer, 0);
    return entries;
}

/* One sleep, if nothing is there. The number of events, 0 when it has to go on, or -1. */
static int sleep_once(struct sleep *sleep, struct kevent *events, int nevents, int64_t left, int *error)
{
    gate_enter();
    int count = kqs_wait_ready(&sleep->wait, sleep->room, events, nevents, left < SLICE ? left : SLICE, error);
    gate_leave();
    if (count != 0 || sleep->wait.nanoseconds < 0)
        return count;
    int entries = go_to_sleep(sleep);
    *error = entries < 0 ? errno : 0;
    gate_enter();
    count = kqs_wait_awake(&sleep->wait, sleep->room, entries, events, nevents, error);
    gate_leave();
    return count;
}

static int sleep_until(struct sleep *sleep, int kq, int mark, struct kevent *events, int nevents, int64_t deadline, int *error)
{
    int64_t look = gate_now() + SLICE;
    for (;;) {
        int64_t time = gate_now();
        int64_t left = deadline == INT64_MAX ? deadline : deadline - time;
        int count = sleep_once(sleep, events, nevents, left < 0 ? 0 : left, error);
        if (count != 0 || left <= 0)
            return count;
        if (time < look)
            continue;
        look = time + SLICE;
        gate_enter();
        kqs_wait_look(&sleep->wait, kq, fcntl(kq, F_GETSIG) != mark);
        gate_leave();
    }
}

/* What a program may send; not what a fault raises, nor with what the runtime stops its threads. */
void fill_with_usual_signals(void *signals)
{
    static const int unusual[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT };
    sigset_t *set = signals;
    sigfillset(set);
    for (size_t i = 0; i < sizeof unusual / sizeof *unusual; i++)
        sigdelset(set, unusual[i]);
    sigdelset(set, SIGRTMIN);
}

/*
 * The wait sleeps slice by slice, and looks at the descriptor in between. Signals come in only while it sleeps: one between two slices would interrupt
 * nothing, and the thread would sleep on (CALL-INTR-001).
 */
int wait_for_events(int kq, int mark, struct kevent *events, int nevents, const struct timespec *timeout, int cancel_state, int *error)
{
    struct sleep sleep = { .cancel_state = cancel_state };
    sigset_t usual;
    gate_enter();
    int count = kqs_wait_begin(&sleep.wait, kq, mark, nevents, error);
    gate_leave();
    if (count < 0)
        return count;

    /* At most 64 KiB. */
    _Alignas(16) char room[WAIT_HEADER + sizeof(struct epoll_event) * (size_t)sleep.wait.most];
    sleep.room = room;
    fill_with_usual_signals(&usual);
    pthread_sigmask(SIG_BLOCK, &usual, &sleep.mask);
    count = sleep_until(&sleep, kq, mark, events, nevents, deadline_of(timeout), error);
    gate_enter();
    kqs_wait_end(&sleep.wait);
    gate_leave();
    pthread_sigmask(SIG_SETMASK, &sleep.mask, NULL);
    return count;
}
