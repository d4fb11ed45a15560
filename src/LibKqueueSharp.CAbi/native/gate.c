/*
 * fork(2). Managed code works in a child as long as no other thread was in it at the fork: one that sleeps in a system call does not
 * count, since it holds no lock and the collector need not stop it. So every entry passes this gate, and a fork closes it and waits
 * until the others are out or asleep.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>

#include "managed.h"

/*
 * One for each thread that ever came in. They are reused and never freed, so the list can be read without a lock. `inside` is written
 * by its thread; the order with `closed` is sequential: either the thread sees that the gate is closed, or the fork sees it inside.
 */
struct visitor {
    atomic_int inside;
    atomic_int taken;
    struct visitor *next;
};

static _Atomic(struct visitor *) visitors;
static atomic_int closed;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static __thread struct visitor *self __attribute__((tls_model("initial-exec")));

static void give_back(void *visitor)
{
    atomic_store(&((struct visitor *)visitor)->taken, 0);
}

static void close_gate(void)
{
    int expected = 0;
    while (!atomic_compare_exchange_weak(&closed, &expected, 1)) {
        expected = 0;
        sched_yield();
    }
    for (struct visitor *v = atomic_load(&visitors); v != NULL; v = v->next) {
        while (v != self && atomic_load(&v->inside))
            sched_yield();
    }
}

static void open_gate(void)
{
    atomic_store(&closed, 0);
}

/* The threads of the parent do not exist here. */
static void start_over(void)
{
    for (struct visitor *v = atomic_load(&visitors); v != NULL; v = v->next) {
        if (v != self) {
            atomic_store(&v->inside, 0);
            atomic_store(&v->taken, 0);
        }
    }
    open_gate();
    kqs_signals_forked();
    gate_enter();
    kqs_forked();
    gate_leave();
}

static void prepare(void)
{
    pthread_key_create(&key, give_back);
    pthread_atfork(close_gate, open_gate, start_over);
}

static void take_place(void)
{
    struct visitor *v;
    pthread_once(&once, prepare);
    for (v = atomic_load(&visitors); v != NULL; v = v->next) {
        int free = 0;
        if (atomic_compare_exchange_strong(&v->taken, &free, 1))
            break;
    }
    if (v == NULL) {
        v = calloc(1, sizeof *v);
        if (v == NULL)
            abort();
        atomic_store(&v->taken, 1);
        struct visitor *first = atomic_load(&visitors);
        do
            v->next = first;
        while (!atomic_compare_exchange_weak(&visitors, &first, v));
    }
    self = v;
    pthread_setspecific(key, v);
}

void gate_enter(void)
{
    if (self == NULL)
        take_place();
    atomic_store(&self->inside, 1);
    while (atomic_load_explicit(&closed, memory_order_seq_cst)) {
        atomic_store(&self->inside, 0);
        while (atomic_load(&closed))
            sched_yield();
        atomic_store(&self->inside, 1);
    }
}

void gate_leave(void)
{
    atomic_store_explicit(&self->inside, 0, memory_order_release);
}

/*
 * The system calls in which threads of the engine sleep; the linker sends their callers here (--wrap). Each sleeps with the signal mask of
 * gate_sleep_mask, when there is one.
 */
int __real_epoll_wait(int set, struct epoll_event *events, int most, int milliseconds);
int __real_epoll_pwait2(int set, struct epoll_event *events, int most, const struct timespec *timeout, const sigset_t *mask);
int __wrap_epoll_wait(int set, struct epoll_event *events, int most, int milliseconds);
int __wrap_epoll_pwait2(int set, struct epoll_event *events, int most, const struct timespec *timeout, const sigset_t *mask);

__thread const sigset_t *gate_sleep_mask __attribute__((tls_model("initial-exec")));

int __wrap_epoll_wait(int set, struct epoll_event *events, int most, int milliseconds)
{
    if (milliseconds == 0)
        return __real_epoll_wait(set, events, most, 0);
    gate_leave();
    int count = epoll_pwait(set, events, most, milliseconds, gate_sleep_mask);
    int error = errno;
    gate_enter();
    errno = error;
    return count;
}

int __wrap_epoll_pwait2(int set, struct epoll_event *events, int most, const struct timespec *timeout, const sigset_t *mask)
{
    gate_leave();
    int count = __real_epoll_pwait2(set, events, most, timeout, mask != NULL ? mask : gate_sleep_mask);
    int error = errno;
    gate_enter();
    errno = error;
    return count;
}
