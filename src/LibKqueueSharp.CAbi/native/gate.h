/* Who is inside managed code, and what is to be done when it is out. */
#ifndef KQS_GATE_H
#define KQS_GATE_H

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "../include/sys/event.h"

#define MOST_LATE 64

struct late_change {
    int kq;
    struct kevent change;
};

/*
 * One for each thread that ever came in. They are reused and never freed, so the list can be read without a lock. `inside` is written
 * by its thread; the order with the gate's state is sequential: either the thread sees that the gate is closed, or the fork sees it inside. The rest is
 * its thread's alone, and of signal handlers that run in it.
 */
struct visitor {
    atomic_int inside;
    atomic_int taken;
    struct visitor *next;

    /* What the runtime knows of its thread; written by it before it enters, and NULL when it has ended for the runtime. */
    void *of_runtime;

    /* In a child: the thread was left behind in the parent. */
    int is_gone;

    /* The runtime's part of the thread has ended: it cannot enter any more. */
    int has_ended;
    int rounds;
    void *thread;

    volatile sig_atomic_t is_late;
    volatile sig_atomic_t late_fork;
    volatile unsigned late_head;
    atomic_uint late_tail;
    struct late_change late[MOST_LATE];
};

extern __thread struct visitor *gate_self __attribute__((tls_model("initial-exec")));

/* The first call was made, and the runtime is there. */
extern atomic_int kqs_is_started;

/* The errno of each kqueue(2), if there can be none in this process. */
extern atomic_int kqs_refusal;

/* Monotonic time in nanoseconds. */
static inline int64_t gate_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* Called inside, with the usual signals blocked. If it cannot start, there is a refusal. */
void gate_start_runtime(void);

void gate_enter(void);
void gate_leave(void);

/* In a child of fork(2), once its thread is out. */
void gate_forked(void);

/* The caller is a signal handler that has interrupted managed code, or its thread has ended. */
static inline int gate_is_inside(void)
{
    return gate_self != NULL && atomic_load_explicit(&gate_self->inside, memory_order_relaxed);
}

/* late.c */
int late_call(int kq, const struct kevent *changes, int nchanges, int nevents, int *error);
void late_run(void);

#endif
