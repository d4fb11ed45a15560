/*
 * The exported calls: errno, bad pointers, thread cancellation. A wait is in wait.c, everything else is managed code, which is entered through gate.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "gate.h"
#include "managed.h"

/* The first page and what is near it: what null plus an offset points to. */
#define LOWEST_ADDRESS 65536

/* 0, 1 and 2 */
#define STANDARD_NUMBERS 3

static const struct timespec at_once = { 0, 0 };

static int is_low(const void *pointer)
{
    return (uintptr_t)pointer < LOWEST_ADDRESS;
}

static int fail(int error)
{
    errno = error;
    return -1;
}

/* For how long nothing need be there: refused timeouts are for managed code. */
static int waits(const struct timespec *timeout)
{
    return timeout == NULL || (timeout->tv_sec >= 0 && timeout->tv_nsec >= 0 && timeout->tv_nsec < 1000000000
        && (timeout->tv_sec | timeout->tv_nsec) != 0);
}

/*
 * What is there already is taken without a clock and without a sleep, which measured 600 ns less a call of 1,900.
 */
static int enter_and_call(int kq, int mark, const struct kevent *changes, int nchanges, struct kevent *events, int nevents,
    const struct timespec *timeout, int cancel_state, int *error)
{
    int sleeps = nevents > 0 && waits(timeout);
    gate_enter();
    int count = kqs_kevent(kq, mark, changes, nchanges, events, nevents, sleeps ? &at_once : timeout, error);
    gate_leave();
    return count == 0 && sleeps ? wait_for_events(kq, mark, events, nevents, timeout, cancel_state, error) : count;
}

static int do_kevent(int kq, const struct kevent *changes, int nchanges, struct kevent *events, int nevents,
    const struct timespec *timeout)
{
    int saved = errno;
    int error = 0;
    int count;
    int cancel;

    /* CALL-PTR-002: the timeout is read before anything else. */
    if (timeout != NULL && is_low(timeout))
        return fail(EFAULT);

    /* Each queue has marked its file with a signal number that is never sent: what has none is no queue. */
    int mark = fcntl(kq, F_GETSIG);
    if (mark <= 0 || !atomic_load_explicit(&kqs_is_started, memory_order_relaxed))
        return fail(EBADF);
    if (nchanges < 0)
        return fail(EINVAL);
    if ((nchanges > 0 && is_low(changes)) || (nevents > 0 && is_low(events)))
        return fail(EFAULT);

    if (gate_is_inside()) {
        count = late_call(kq, changes, nchanges, nevents, &error);
    } else {
        /* A cancelled thread must not be unwound out of managed code. */
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
        count = enter_and_call(kq, mark, changes, nchanges, events, nevents < 0 ? 0 : nevents, timeout, cancel, &error);
        pthread_setcancelstate(cancel, NULL);
    }
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

atomic_int kqs_is_started;
atomic_int kqs_refusal;

/*
 * A program that has closed its standard input, output or error puts other files there later: none of a queue's five descriptors should be
 * in their way. The first of them has the lowest number.
 */
static int create_above_standard(int *number)
{
    int held[STANDARD_NUMBERS];
    int count = 0;
    int error = kqs_create(number);
    if (error != 0 || *number >= STANDARD_NUMBERS)
        return error;
    close(*number);
    kqs_drain();
    while (count < STANDARD_NUMBERS && (held[count] = eventfd(0, EFD_CLOEXEC)) >= 0 && held[count] < STANDARD_NUMBERS)
        count++;
    if (count < STANDARD_NUMBERS && held[count] >= 0)
        close(held[count]);
    error = kqs_create(number);
    while (count > 0)
        close(held[--count]);
    return error;
}

/* The first call starts the runtime, whose thread inherits the mask: no signal of the program's is delivered there. */
static int start_and_create(int *number)
{
    sigset_t usual, mask;
    kqs_debug_start();
    fill_with_usual_signals(&usual);
    pthread_sigmask(SIG_BLOCK, &usual, &mask);
    gate_enter();
    gate_start_runtime();
    int error = atomic_load(&kqs_refusal);
    if (error == 0) {
        error = create_above_standard(number);
        atomic_store(&kqs_is_started, 1);
    }
    gate_leave();
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    return error;
}

static int create(int *number)
{
    if (gate_is_inside())
        return gate_self->has_ended ? ECANCELED : EDEADLK;
    if (atomic_load(&kqs_refusal) != 0)
        return atomic_load(&kqs_refusal);
    if (!atomic_load(&kqs_is_started))
        return start_and_create(number);
    gate_enter();
    int error = create_above_standard(number);
    gate_leave();
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
    int cancel;
    if (!atomic_load(&kqs_is_started) || gate_is_inside())
        return;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    gate_enter();
    kqs_drain();
    gate_leave();
    pthread_setcancelstate(cancel, NULL);
    errno = saved;
}
