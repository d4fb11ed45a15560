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

/* Called while the thread is inside. */
int late_call(int kq, const struct kevent *changes, int nchanges, int nevents, int *error)
{
    struct visitor *self = gate_self;
    unsigned room = MOST_LATE - 1 - (self->late_tail - self->late_head);
    if (self->has_ended)
        *error = ECANCELED;
    else if (nevents != 0)
        *error = EDEADLK;
    else if ((unsigned)nchanges > room)
        *error = ENOMEM;
    else
        *error = 0;
    if (*error != 0)
        return -1;
    for (int i = 0; i < nchanges; i++) {
        self->late[self->late_tail % MOST_LATE] = (struct late_change){ kq, changes[i] };
        self->late_tail++;
        self->is_late = 1;
    }
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
