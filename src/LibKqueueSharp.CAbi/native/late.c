/*
 * Calls from signal handlers. On BSD any handler may call kevent(2). One that has interrupted managed code must not enter it again: its changes
 * are kept, and applied when the interrupted call is out, which is soon, since nothing sleeps inside. So is what a child of fork(2) has to do, if a
 * handler has forked.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>

#include "gate.h"
#include "managed.h"

/*
 * Places for so many changes, or -1. They are taken in one step: a handler that interrupts this one may come here as well, and has
 * filled its own by the time this one goes on.
 */
static int take_places(struct visitor *self, unsigned count, unsigned *first)
{
    unsigned tail = atomic_load(&self->late_tail);
    do {
        if (count > MOST_LATE - 1 - (tail - self->late_head))
            return -1;
    } while (!atomic_compare_exchange_weak(&self->late_tail, &tail, tail + count));
    *first = tail;
    return 0;
}

/* Called while the thread is inside. */
int late_call(int kq, const struct kevent *changes, int nchanges, int nevents, int *error)
{
    struct visitor *self = gate_self;
    unsigned first = 0;
    if (self->has_ended)
        *error = ECANCELED;
    else if (nevents != 0)
        *error = EDEADLK;
    else if (take_places(self, (unsigned)nchanges, &first) != 0)
        *error = ENOMEM;
    else
        *error = 0;
    if (*error != 0)
        return -1;
    for (int i = 0; i < nchanges; i++)
        self->late[(first + (unsigned)i) % MOST_LATE] = (struct late_change){ kq, changes[i] };
    self->is_late = 1;
    return 0;
}

/* Called by a thread that is out. A handler that comes now finds it out, and calls by itself; it runs what is left here when it leaves. */
void late_run(void)
{
    struct visitor *self = gate_self;
    self->is_late = 0;
    if (self->late_fork) {
        self->late_fork = 0;
        self->late_head = self->late_tail;
        gate_forked();
    }
    while (self->late_head != self->late_tail) {
        int error;
        unsigned at = self->late_head;
        self->late_head = at + 1;
        struct late_change late = self->late[at % MOST_LATE];
        int mark = fcntl(late.kq, F_GETSIG);
        if (mark <= 0)
            continue;
        gate_enter();
        kqs_kevent(late.kq, mark, &late.change, 1, NULL, 0, NULL, &error);
        gate_leave();
    }
}
