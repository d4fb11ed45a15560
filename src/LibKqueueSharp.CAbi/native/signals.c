/*
 * EVFILT_SIGNAL in a C program. A signal is seen by a handler that stands before the program's own and does what would have happened without
 * it; one that is blocked when it is registered is read from a signalfd. Both count, and ring a bell that queues have in their epoll sets. No
 * thread is needed. Managed code must not run in a handler, so the counts are here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "managed.h"

#define SIGNALS 65

struct watched {
    atomic_long count;

    /* What the program has set. Replaced as a whole, under `lock`. */
    _Atomic(struct sigaction *) before;

    /* Registrations in all queues. Guarded by `lock`. */
    int users;
};

/* What a program has set at some time. Never freed, since a handler may be reading it; the same again is found again. */
struct disposition {
    struct sigaction action;
    struct disposition *next;
};

static struct watched all[SIGNALS];

/* Guarded by `lock`. */
static struct disposition *known;

static struct sigaction by_default;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* An eventfd, written by handlers and never read: each write is an edge for each queue. */
static atomic_int bell = -1;

/* A signalfd for those that are blocked, and which they are. Guarded by `lock`, but for reading it. */
static atomic_int inbox = -1;
static sigset_t boxed;

/* The program may have closed the number, with all others, and have another file there now. The mark is never sent, as a queue's. */
#define MARK 50

static int is_own(int fd)
{
    return fd >= 0 && fcntl(fd, F_GETSIG) == MARK;
}

/* A new descriptor, or -1 with the errno. */
static int marked(int fd)
{
    if (fd < 0 || fcntl(fd, F_SETSIG, MARK) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static void ring(void)
{
    uint64_t one = 1;
    int fd = atomic_load(&bell);
    ssize_t written = is_own(fd) ? write(fd, &one, sizeof one) : 0;
    (void)written;
}

static void take_default_action(int number)
{
    struct sigaction action;
    sigset_t just;
    switch (number) {
    case SIGCHLD:
    case SIGURG:
    case SIGWINCH:
    case SIGCONT:
        return;
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
        raise(SIGSTOP);
        return;
    default:
        memset(&action, 0, sizeof action);
        action.sa_handler = SIG_DFL;
        sigaction(number, &action, NULL);
        sigemptyset(&just);
        sigaddset(&just, number);
        pthread_sigmask(SIG_UNBLOCK, &just, NULL);
        raise(number);
    }
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    int error = errno;
    struct sigaction *before = atomic_load(&all[number].before);
    atomic_fetch_add(&all[number].count, 1);
    ring();
    errno = error;
    if (before->sa_flags & (int)SA_RESETHAND)
        atomic_store(&all[number].before, &by_default);
    if (before->sa_flags & SA_SIGINFO)
        before->sa_sigaction(number, info, context);
    else if (before->sa_handler == SIG_DFL)
        take_default_action(number);
    else if (before->sa_handler != SIG_IGN)
        before->sa_handler(number);
}

static int is_ours(const struct sigaction *action)
{
    return (action->sa_flags & SA_SIGINFO) && action->sa_sigaction == on_signal;
}

/* The C library leaves what is behind the kernel's part of a mask as it was. */
static int is_same(const struct sigaction *one, const struct sigaction *other)
{
    return one->sa_flags == other->sa_flags && one->sa_handler == other->sa_handler
        && memcmp(&one->sa_mask, &other->sa_mask, (SIGNALS - 1) / 8) == 0;
}

static struct sigaction *keep(const struct sigaction *action)
{
    struct disposition *d = known;
    while (d != NULL && !is_same(&d->action, action))
        d = d->next;
    if (d != NULL)
        return &d->action;
    d = malloc(sizeof *d);
    if (d == NULL)
        return NULL;
    *d = (struct disposition){ *action, known };
    known = d;
    return &d->action;
}

/* Stands before the program's handler, also when the program has changed it meanwhile. */
static int install(int number)
{
    struct sigaction found, ours;
    if (sigaction(number, NULL, &found) != 0)
        return errno;
    if (is_ours(&found))
        return 0;

    /* SIG-004: handling an ignored SIGCHLD would leave zombies that nobody waits for. */
    if (!(found.sa_flags & SA_SIGINFO) && found.sa_handler == SIG_IGN && number == SIGCHLD)
        return 0;
    struct sigaction *before = keep(&found);
    if (before == NULL)
        return ENOMEM;
    atomic_store(&all[number].before, before);
    ours = found;
    ours.sa_sigaction = on_signal;

    /* A system call goes on where the program's disposition would not have interrupted it. */
    if (!(found.sa_flags & SA_SIGINFO) && (found.sa_handler == SIG_IGN || found.sa_handler == SIG_DFL))
        ours.sa_flags |= SA_RESTART;
    ours.sa_flags = (ours.sa_flags & ~(int)SA_RESETHAND) | SA_SIGINFO;
    return sigaction(number, &ours, NULL) != 0 ? errno : 0;
}

static void uninstall(int number)
{
    struct sigaction found;
    if (sigaction(number, NULL, &found) == 0 && is_ours(&found))
        sigaction(number, atomic_load(&all[number].before), NULL);
}

static int is_blocked(int number)
{
    sigset_t mask;
    return pthread_sigmask(SIG_BLOCK, NULL, &mask) == 0 && sigismember(&mask, number) == 1;
}

static int box(int number)
{
    int fd = atomic_load(&inbox);
    if (!is_own(fd)) {
        sigemptyset(&boxed);
        fd = -1;
    }
    sigaddset(&boxed, number);
    fd = fd < 0 ? marked(signalfd(fd, &boxed, SFD_CLOEXEC | SFD_NONBLOCK)) : signalfd(fd, &boxed, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0) {
        sigdelset(&boxed, number);
        return errno;
    }
    atomic_store(&inbox, fd);
    return 0;
}

static void unbox(int number)
{
    if (sigismember(&boxed, number) != 1)
        return;
    sigdelset(&boxed, number);
    if (is_own(atomic_load(&inbox)))
        signalfd(atomic_load(&inbox), &boxed, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* A registration begins. The bell, and the inbox or -1, are what the queue has to watch. */
int kqs_signal_watch(int number, int *bell_fd, int *inbox_fd)
{
    int error = 0;
    pthread_mutex_lock(&lock);
    if (!is_own(atomic_load(&bell))) {
        int fd = marked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
        error = fd < 0 ? errno : 0;
        atomic_store(&bell, fd);
    }
    if (!is_own(atomic_load(&inbox)))
        atomic_store(&inbox, -1);
    if (error == 0 && is_blocked(number))
        error = box(number);
    if (error == 0)
        error = install(number);
    if (error == 0)
        all[number].users++;
    *bell_fd = atomic_load(&bell);
    *inbox_fd = atomic_load(&inbox);
    pthread_mutex_unlock(&lock);
    return error;
}

/* A registration is made again: the program may have set a handler since. */
int kqs_signal_refresh(int number)
{
    pthread_mutex_lock(&lock);
    int error = install(number);
    pthread_mutex_unlock(&lock);
    return error;
}

void kqs_signal_unwatch(int number)
{
    pthread_mutex_lock(&lock);
    if (--all[number].users == 0) {
        uninstall(number);
        unbox(number);
    }
    pthread_mutex_unlock(&lock);
}

/* How often the signal was seen, ever. */
long kqs_signal_count(int number)
{
    return atomic_load(&all[number].count);
}

/* Counts the blocked signals that are pending. Who reads one tells the queues that may have looked before. */
void kqs_signal_take(void)
{
    struct signalfd_siginfo info;
    int fd = atomic_load(&inbox);
    int taken = 0;
    while (is_own(fd) && read(fd, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo < SIGNALS)
            atomic_fetch_add(&all[info.ssi_signo].count, 1);
        taken++;
    }
    if (taken != 0)
        ring();
}

static void let_go(atomic_int *descriptor)
{
    int fd = atomic_exchange(descriptor, -1);
    if (is_own(fd))
        close(fd);
}

/* In a child of fork(2): the queues are gone, the dispositions are the program's again, and the descriptors were the parent's. */
void kqs_signals_forked(void)
{
    for (int number = 1; number < SIGNALS; number++) {
        if (all[number].users == 0)
            continue;
        all[number].users = 0;
        uninstall(number);
    }
    let_go(&bell);
    let_go(&inbox);
    sigemptyset(&boxed);
}
