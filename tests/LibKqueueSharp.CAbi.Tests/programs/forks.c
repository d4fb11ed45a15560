/* fork(2): the child has no queue and can make one, the parent notices nothing. */
#include "check.h"

#include <sys/resource.h>
#include <sys/wait.h>

#define COLLECTED 100000

static int ends[2];

static void must_succeed(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        CHECK(errno == EINTR);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "child: status 0x%x\n", status);
        _exit(1);
    }
}

/* A queue is made and used: many events of each kind. */
static void use_a_new_queue(int events)
{
    int own[2];
    int kq = kqueue();
    CHECK(kq >= 0 && pipe(own) == 0 && write(own[1], "x", 1) == 1);
    CHECK(change(kq, 1, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0) == 0);
    CHECK(change(kq, (uintptr_t)own[0], EVFILT_READ, EV_ADD, 0, 0) == 0);
    for (int taken = 0; taken < events;) {
        struct kevent add;
        CHECK(change(kq, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
        EV_SET(&add, 2, EVFILT_TIMER, EV_ADD | EV_ONESHOT, NOTE_NSECONDS, 1, NULL);
        int count = kevent(kq, &add, 1, last, 64, NULL);
        CHECK(count > 0);
        taken += count;
    }
    CHECK(close(kq) == 0);
}

static void child_has_no_queue(void)
{
    int kq = kqueue();
    int twin = dup(kq);
    int unseen = dup(kq);
    CHECK(pipe(ends) == 0);
    CHECK(change(kq, (uintptr_t)ends[0], EVFILT_READ, EV_ADD, 0, 0) == 0);
    CHECK(poll_queue(twin) == 0);
    int held = count_entries("fd");
    pid_t child = fork();
    if (child == 0) {
        /* KQ-FORK-001 */
        CHECK_FAILS(EBADF, poll_queue(kq));
        CHECK_FAILS(EBADF, poll_queue(twin));
        CHECK(fcntl(kq, F_GETFD) == -1 && fcntl(twin, F_GETFD) == -1 && fcntl(unseen, F_GETFD) == -1);
        CHECK(count_entries("fd") <= held - 7);
        CHECK(kqueue() <= kq);
        use_a_new_queue(1000);
        _exit(0);
    }

    must_succeed(child);

    /* KQ-FORK-002 */
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK(next_event(kq) == 1 && last[0].ident == (uintptr_t)ends[0] && last[0].data == 1);
    CHECK(poll_queue(twin) == 1);
}

struct hammer {
    int kq;
    volatile int over;
};

/* Registrations, triggers, short and long waits, all the time. */
static void *hammer(void *argument)
{
    struct hammer *h = argument;
    static int numbers;
    uintptr_t number = (uintptr_t)__atomic_add_fetch(&numbers, 1, __ATOMIC_SEQ_CST);
    struct timespec brief = { 0, 100000 };
    struct kevent e[4];
    while (!h->over) {
        CHECK(change(h->kq, number, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0) == 0);
        CHECK(change(h->kq, number, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
        CHECK(change(h->kq, number, EVFILT_TIMER, EV_ADD, NOTE_USECONDS, 50) == 0);
        CHECK(kevent(h->kq, NULL, 0, e, 4, &brief) >= 0);
        CHECK(change(h->kq, number, EVFILT_USER, EV_DELETE, 0, 0) == 0);
        int other = kqueue();
        CHECK(other >= 0 && change(other, number, EVFILT_USER, EV_ADD, 0, 0) == 0 && close(other) == 0);
    }
    return NULL;
}

static void fork_while_threads_hammer(void)
{
    pthread_t threads[3];
    struct hammer h = { kqueue(), 0 };
    for (int i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, hammer, &h) == 0);
    for (int round = 0; round < 20; round++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            alarm(200);
            CHECK_FAILS(EBADF, poll_queue(h.kq));
            use_a_new_queue(round == 0 ? COLLECTED : 1000);
            _exit(0);
        }
        must_succeed(child);
    }

    h.over = 1;
    for (int i = 0; i < 3; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(change(h.kq, 99, EVFILT_USER, EV_ADD, 0, 0) == 0 && change(h.kq, 99, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
    CHECK(next_event(h.kq) == 1);
}

/* The child lives long enough for the collector to run many times: each queue that it makes is garbage soon. */
static void long_running_child_collects(void)
{
    pthread_t thread;
    struct hammer h = { kqueue(), 0 };
    CHECK(pthread_create(&thread, NULL, hammer, &h) == 0);
    pause_for(50);
    pid_t child = fork();
    if (child == 0) {
        alarm(200);
        for (int i = rounds_of(1000, 5000); i > 0; i--)
            use_a_new_queue(2);
        _exit(0);
    }
    must_succeed(child);
    h.over = 1;
    CHECK(pthread_join(thread, NULL) == 0);
}

/* Queues in a parent, its child and its grandchild, as daemon(3) makes them. */
static void daemon_goes_on(void)
{
    int result[2];
    char answer = 0;
    int kq = kqueue();
    CHECK(pipe(result) == 0);
    CHECK(change(kq, 1, EVFILT_USER, EV_ADD, 0, 0) == 0);
    pid_t child = fork();
    if (child == 0) {
        alarm(200);
        int mine = kqueue();
        CHECK(mine >= 0);
        CHECK(daemon(1, 1) == 0);
        alarm(200);
        CHECK_FAILS(EBADF, poll_queue(mine));
        use_a_new_queue(10000);
        CHECK(write(result[1], "y", 1) == 1);
        _exit(0);
    }
    must_succeed(child);
    CHECK(close(result[1]) == 0);
    CHECK(read(result[0], &answer, 1) == 1 && answer == 'y');
    CHECK(change(kq, 1, EVFILT_USER, EV_DELETE, 0, 0) == 0);
}

static void *wait_for_ever(void *queue)
{
    struct kevent e;
    int result = kevent(*(int *)queue, NULL, 0, &e, 1, NULL);
    return (void *)(intptr_t)(result == 1 ? (int)e.ident : -1);
}

static void sleepers_of_the_parent_sleep_on(void)
{
    pthread_t thread;
    void *result;
    int kq = kqueue();
    CHECK(change(kq, 5, EVFILT_USER, EV_ADD, 0, 0) == 0);
    CHECK(pthread_create(&thread, NULL, wait_for_ever, &kq) == 0);
    pause_for(50);
    for (int i = 0; i < 10; i++) {
        pid_t child = fork();
        if (child == 0) {
            use_a_new_queue(10);
            _exit(0);
        }
        must_succeed(child);
    }
    CHECK(change(kq, 5, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
    CHECK(pthread_join(thread, &result) == 0 && (intptr_t)result == 5);
}

static void fork_before_the_first_call(void)
{
    pid_t child = fork();
    if (child == 0) {
        use_a_new_queue(1000);
        _exit(0);
    }
    must_succeed(child);
    use_a_new_queue(1000);
}

/* Where there is no /proc to look for descriptors in, here for want of a number to open it by. */
static void child_has_no_queue_without_proc(void)
{
    int kq = kqueue();
    CHECK(close(0) == 0);
    int lowest = dup(kq);
    int unseen = dup(kq);
    CHECK(kq >= 0 && lowest == 0 && unseen > kq);
    pid_t child = fork();
    if (child == 0)
        _exit(fcntl(kq, F_GETFD) == -1 && fcntl(lowest, F_GETFD) == -1 && fcntl(unseen, F_GETFD) == -1 ? 0 : 1);
    must_succeed(child);

    struct rlimit limit = { (rlim_t)unseen + 1, (rlim_t)unseen + 1 };
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    while (dup(1) >= 0)
        ;
    child = fork();
    if (child == 0)
        _exit(fcntl(kq, F_GETFD) == -1 && fcntl(lowest, F_GETFD) == -1 && fcntl(unseen, F_GETFD) == -1 ? 0 : 1);
    must_succeed(child);
    CHECK(poll_queue(unseen) == 0);
}

static void *make_queues(void *over)
{
    while (!*(volatile int *)over) {
        int kq = kqueue();
        CHECK(kq >= 0 && change(kq, 1, EVFILT_USER, EV_ADD, 0, 0) == 0 && close(kq) == 0);
    }
    return NULL;
}

#define LOOKED_AT 64

/* Also the files that the collector reads: a program that another thread spawns must not inherit them. */
static void each_descriptor_is_close_on_exec(void)
{
    pthread_t threads[2];
    int is_own[LOOKED_AT];
    volatile int over = 0;
    double end = seconds() + 3;
    for (int fd = 0; fd < LOOKED_AT; fd++)
        is_own[fd] = fcntl(fd, F_GETFD) >= 0;
    for (int i = 0; i < 2; i++)
        CHECK(pthread_create(&threads[i], NULL, make_queues, (void *)&over) == 0);
    while (seconds() < end) {
        for (int fd = 0; fd < LOOKED_AT; fd++) {
            if (!is_own[fd] && fcntl(fd, F_GETFD) == 0) {
                fprintf(stderr, "descriptor %d\n", fd);
                CHECK(0);
            }
        }
    }
    over = 1;
    for (int i = 0; i < 2; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

RUN_BY_NAME(
    { "ChildHasNoQueueWithoutProc", child_has_no_queue_without_proc },
    { "EachDescriptorIsCloseOnExec", each_descriptor_is_close_on_exec },
    { "ChildHasNoQueue", child_has_no_queue },
    { "ForkWhileThreadsHammer", fork_while_threads_hammer },
    { "LongRunningChildCollects", long_running_child_collects },
    { "DaemonGoesOn", daemon_goes_on },
    { "SleepersOfTheParentSleepOn", sleepers_of_the_parent_sleep_on },
    { "ForkBeforeTheFirstCall", fork_before_the_first_call })
