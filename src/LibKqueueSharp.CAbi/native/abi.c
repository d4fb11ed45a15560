/*
 * The exported calls: errno, bad pointers, waits in slices, thread cancellation. Everything else is managed code, which is
 * entered through gate.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#include "../include/sys/event.h"
#include "managed.h"

/* The first page and what is near it: what null plus an offset points to. */
#define LOWEST_ADDRESS 65536

/*
 * close(2) of the queue wakes nobody: no system call tells of it. So a wait looks at its descriptor this often, in
 * nanoseconds. Four times a second costs some 20 us of processor time.
 */
#define SLICE INT64_C(250000000)

static int is_low(const void *pointer)
{
    return (uintptr_t)pointer < LOWEST_ADDRESS;
}

static int fail(int error)
{
    errno = error;
    return -1;
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* Later than any sleep lasts, for a null or far timeout. */
static int64_t deadline_of(const struct timespec *timeout)
{
    if (timeout == NULL || timeout->tv_sec > INT64_MAX / 4000000000)
        return INT64_MAX;
    return now() + timeout->tv_sec * INT64_C(1000000000) + timeout->tv_nsec;
}

static int is_longer_than_slice(const struct timespec *timeout)
{
    return timeout == NULL || (timeout->tv_sec >= 0 && timeout->tv_nsec >= 0 && timeout->tv_nsec < 1000000000
        && (timeout->tv_sec > 0 || timeout->tv_nsec > SLICE));
}

static int enter_and_call(int kq, int mark, const struct kevent *changes, int nchanges, struct kevent *events, int nevents,
    const struct timespec *timeout, int *error)
{
    gate_enter();
    int count = kqs_kevent(kq, mark, changes, nchanges, events, nevents, timeout, error);
    gate_leave();
    return count;
}

/* What a program may send; not what a fault raises, nor with what the runtime stops its threads. */
static void fill_with_usual_signals(sigset_t *set)
{
    static const int unusual[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT };
    sigfillset(set);
    for (size_t i = 0; i < sizeof unusual / sizeof *unusual; i++)
        sigdelset(set, unusual[i]);
    sigdelset(set, SIGRTMIN);
}

static int sleep_in_slices(int kq, int mark, struct kevent *events, int nevents, const struct timespec *timeout, int *error)
{
    int64_t deadline = deadline_of(timeout);
    int64_t left = deadline;
    for (;;) {
        struct timespec slice = { 0, left < SLICE ? left : SLICE };
        int count = enter_and_call(kq, mark, NULL, 0, events, nevents, &slice, error);
        if (count != 0)
            return count;
        left = deadline == INT64_MAX ? deadline : deadline - now();
        if (left <= 0)
            return 0;
        gate_enter();
        int is_gone = kqs_look(kq, fcntl(kq, F_GETSIG), mark);
        gate_leave();
        if (is_gone) {
            *error = EBADF;
            return -1;
        }
    }
}

/*
 * A wait that is longer than a slice. What is there already is taken without a clock and without a sleep, which measured 600 ns less a call
 * of 1,900. Otherwise it sleeps slice by slice, and looks at the descriptor in between. Signals come in only while it sleeps: one between two
 * slices would interrupt nothing, and the thread would sleep on (CALL-INTR-001).
 */
static int wait_in_slices(int kq, int mark, const struct kevent *changes, int nchanges, struct kevent *events, int nevents,
    const struct timespec *timeout, int *error)
{
    sigset_t usual, mask;
    int count = enter_and_call(kq, mark, changes, nchanges, events, nevents, &(struct timespec){ 0, 0 }, error);
    if (count != 0)
        return count;
    fill_with_usual_signals(&usual);
    pthread_sigmask(SIG_BLOCK, &usual, &mask);

    /* A handler that runs during the sleep may have made a call of its own. */
    const sigset_t *outer = gate_sleep_mask;
    gate_sleep_mask = &mask;
    count = sleep_in_slices(kq, mark, events, nevents, timeout, error);
    gate_sleep_mask = outer;
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    return count;
}

static int do_kevent(int kq, const struct kevent *changes, int nchanges, struct kevent *events, int nevents,
    const struct timespec *timeout)
{
    int saved = errno;
    int error = 0;
    int cancel;

    /* CALL-PTR-002: the timeout is read before anything else. */
    if (timeout != NULL && is_low(timeout))
        return fail(EFAULT);

    /* Each queue has marked its file with a signal number that is never sent: what has none is no queue. */
    int mark = fcntl(kq, F_GETSIG);
    if (mark <= 0)
        return fail(EBADF);
    if (nchanges < 0)
        return fail(EINVAL);
    if ((nchanges > 0 && is_low(changes)) || (nevents > 0 && is_low(events)))
        return fail(EFAULT);

    /* A cancelled thread must not be unwound out of managed code. */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    int room = nevents < 0 ? 0 : nevents;
    int count = room > 0 && is_longer_than_slice(timeout)
        ? wait_in_slices(kq, mark, changes, nchanges, events, room, timeout, &error)
        : enter_and_call(kq, mark, changes, nchanges, events, room, timeout, &error);
    pthread_setcancelstate(cancel, NULL);
    if (count < 0)
        return fail(error);

    /* CALL-NEV-004: noticed after the changes were applied. */
    if (nevents < 0)
        return fail(EINVAL);
    errno = saved;
    return count;
}

int kevent(int kq, const struct kevent *changes, int nchanges, struct kevent *events, int nevents,
    const struct timespec *timeout)
{
    int result = do_kevent(kq, changes, nchanges, events, nevents, timeout);
    if (atomic_load_explicit(&kqs_debug_is_on, memory_order_relaxed)) {
        int error = errno;
        kqs_debug_call("kevent", kq, nchanges, nevents, result, error);
        errno = error;
    }
    return result;
}

/*
 * The first call starts the runtime, whose thread inherits the mask: no signal of the program's is delivered there.
 */
static atomic_int is_started;

static int create(int *number)
{
    sigset_t usual, mask;
    int starts = !atomic_load(&is_started);
    if (starts) {
        kqs_debug_start();
        fill_with_usual_signals(&usual);
        pthread_sigmask(SIG_BLOCK, &usual, &mask);
    }
    gate_enter();
    int error = kqs_create(number);
    gate_leave();
    if (starts) {
        atomic_store(&is_started, 1);
        pthread_sigmask(SIG_SETMASK, &mask, NULL);
    }
    return error;
}

int kqueue(void)
{
    int saved = errno;
    int number;
    int cancel;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    int error = create(&number);
    pthread_setcancelstate(cancel, NULL);
    if (error != 0)
        return fail(error);
    if (atomic_load_explicit(&kqs_debug_is_on, memory_order_relaxed))
        kqs_debug_call("kqueue", number, 0, 0, number, 0);
    errno = saved;
    return number;
}

int kqueue1(int flags)
{
    return (flags & ~O_CLOEXEC) == 0 ? kqueue() : fail(EINVAL);
}

int kqueuex(unsigned int flags)
{
    return (flags & ~KQUEUE_CLOEXEC) == 0 ? kqueue() : fail(EINVAL);
}

void libkqueue_drain_pending_close(void)
{
    int saved = errno;
    if (!atomic_load(&is_started))
        return;
    gate_enter();
    kqs_drain();
    gate_leave();
    errno = saved;
}
