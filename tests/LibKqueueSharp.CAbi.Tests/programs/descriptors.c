/* The queue is a descriptor of the program's. */
#include "check.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>

static void poll_select_and_epoll_see_it(void)
{
    int ends[2];
    int kq = kqueue();
    int set = epoll_create1(0);
    struct pollfd entry = { kq, POLLIN | POLLOUT, 0 };
    struct epoll_event wanted = { .events = EPOLLIN }, found;
    struct timeval now = { 0, 0 };
    fd_set readable;
    CHECK(pipe(ends) == 0 && epoll_ctl(set, EPOLL_CTL_ADD, kq, &wanted) == 0);
    CHECK(change(kq, (uintptr_t)ends[0], EVFILT_READ, EV_ADD, 0, 0) == 0);
    CHECK(poll(&entry, 1, 0) == 0 && epoll_wait(set, &found, 1, 0) == 0);
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK(poll(&entry, 1, 60000) == 1 && entry.revents == POLLIN);
    CHECK(epoll_wait(set, &found, 1, 60000) == 1);
    FD_ZERO(&readable);
    FD_SET(kq, &readable);
    CHECK(select(kq + 1, &readable, NULL, NULL, &now) == 1);
    CHECK(change(kq, (uintptr_t)ends[0], EVFILT_READ, EV_DELETE, 0, 0) == 0);
    CHECK(poll(&entry, 1, 0) == 0);

    CHECK(change(kq, 1, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0) == 0);
    CHECK(change(kq, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
    CHECK(poll(&entry, 1, 60000) == 1);
    CHECK(next_event(kq) == 1);
    CHECK(poll_queue(kq) == 0);
    CHECK(poll(&entry, 1, 0) == 0);

    CHECK(change(kq, 1, EVFILT_TIMER, EV_ADD | EV_ONESHOT, 0, 20) == 0);
    CHECK(poll(&entry, 1, 60000) == 1);
    CHECK(poll_queue(kq) == 1 && last[0].filter == EVFILT_TIMER);
}

/* Where events come and go quickly the descriptor may stay readable (KQ-POLL-004), until a call finds nothing. Never the other way round. */
static void descriptor_is_readable_while_events_are_queued(void)
{
    int kq = kqueue();
    int idle = 0;
    struct pollfd entry = { kq, POLLIN, 0 };
    CHECK(change(kq, 1, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0) == 0);
    for (int i = 0; i < 1000; i++) {
        CHECK(change(kq, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
        CHECK(poll(&entry, 1, 0) == 1);
        CHECK(poll_queue(kq) == 1);
        if (poll(&entry, 1, 0) == 1) {
            idle++;
            CHECK(poll_queue(kq) == 0);
            CHECK(poll(&entry, 1, 0) == 0);
        }
    }
    CHECK(idle <= 1000 / 50);

    /* Who sleeps is not kept awake by it. */
    for (int i = 0; i < 200; i++) {
        CHECK(change(kq, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
        CHECK(poll_queue(kq) == 1);
    }
    struct timespec brief = { 0, 50000000 }, before, after;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    CHECK(kevent(kq, NULL, 0, last, 1, &brief) == 0);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    CHECK(after.tv_sec == before.tv_sec ? after.tv_nsec - before.tv_nsec < 20000000 : 1);
    CHECK(poll(&entry, 1, 0) == 0);
}

static void duplicates_are_one_queue(void)
{
    int kq = kqueue();
    int other = kqueue();
    int twin = dup(kq);
    CHECK(change(kq, 1, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0) == 0);
    CHECK(change(twin, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
    CHECK(poll_queue(twin) == 1);
    CHECK(poll_queue(kq) == 0);
    CHECK(change(twin, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
    CHECK(close(kq) == 0);
    CHECK_FAILS(EBADF, poll_queue(kq));
    CHECK(poll_queue(twin) == 1);

    /* Another queue under a number that stood for this one. */
    CHECK(dup2(other, twin) == twin);
    CHECK_FAILS(ENOENT, change(twin, 1, EVFILT_USER, EV_DELETE, 0, 0));
    CHECK(change(twin, 2, EVFILT_USER, EV_ADD, 0, 0) == 0);
    CHECK(change(other, 2, EVFILT_USER, EV_DELETE, 0, 0) == 0);
}

static void *wait_for_ebadf(void *queue)
{
    struct kevent e;
    errno = 0;
    int result = kevent(*(int *)queue, NULL, 0, &e, 1, NULL);
    return (void *)(intptr_t)(result == -1 ? errno : 0);
}

static void close_wakes_waiters(void)
{
    pthread_t threads[3];
    int kq = kqueue();
    int before = kqueue();
    int held = count_entries("fd");
    (void)before;
    for (int i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, wait_for_ebadf, &kq) == 0);
    pause_for(100);
    CHECK(close(kq) == 0);
    for (int i = 0; i < 3; i++) {
        void *error;
        CHECK(pthread_join(threads[i], &error) == 0);
        CHECK((intptr_t)error == EBADF);
    }

    libkqueue_drain_pending_close();
    CHECK(count_entries("fd") <= held - 5);
}

/* Deviation close-is-noticed: what the queue held is freed by a later call. */
static void closed_queue_holds_until_it_is_noticed(void)
{
    int none = count_entries("fd");
    int kq = kqueue();
    int held = count_entries("fd");
    CHECK(close(kq) == 0);
    CHECK(count_entries("fd") == held - 1 && held - 1 > none);
    CHECK_FAILS(EBADF, poll_queue(kq));
    libkqueue_drain_pending_close();
    CHECK(count_entries("fd") == none);

    /* Or by the next queue; what another queue's waiter notices is tested with it. */
    kq = kqueue();
    CHECK(close(kq) == 0 && kqueue() == kq && count_entries("fd") == held);
}

/* A thread that waits in one queue notices that another was closed. */
static void waiter_frees_other_queues(void)
{
    pthread_t thread;
    int kq = kqueue();
    int other = kqueue();
    int held = count_entries("fd");
    CHECK(pthread_create(&thread, NULL, wait_for_ebadf, &kq) == 0);
    CHECK(close(other) == 0);
    for (int i = 0; i < 600 && count_entries("fd") != held - 5; i++)
        pause_for(100);
    CHECK(count_entries("fd") == held - 5);
    CHECK(close(kq) == 0 && pthread_join(thread, NULL) == 0);
}

static void *close_and_reuse(void *queue)
{
    int kq = *(int *)queue;
    pause_for(100);
    CHECK(close(kq) == 0);
    CHECK(open("/dev/null", O_RDONLY) == kq);
    return NULL;
}

static void number_may_be_reused_at_once(void)
{
    pthread_t thread;
    int kq = kqueue();
    int number = kq;
    CHECK(pthread_create(&thread, NULL, close_and_reuse, &number) == 0);
    CHECK_FAILS(EBADF, next_event(kq));
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(fcntl(kq, F_GETFD) >= 0);
    CHECK_FAILS(EBADF, poll_queue(kq));
    CHECK(close(kq) == 0);
    libkqueue_drain_pending_close();

    /* KQ-CLOSE-001: another queue under the same number is empty. */
    kq = kqueue();
    CHECK(change(kq, 1, EVFILT_USER, EV_ADD, 0, 0) == 0);
    CHECK(close(kq) == 0);
    CHECK(kqueue() == kq);
    CHECK_FAILS(ENOENT, change(kq, 1, EVFILT_USER, EV_DELETE, 0, 0));
}

static void closing_frees(void)
{
    int ends[2];
    long grown = 0;
    CHECK(pipe(ends) == 0 && write(ends[1], "x", 1) == 1);
    int held = count_entries("fd"), rounds = rounds_of(20000, 100000);
    for (int i = 0; i < rounds; i++) {
        int kq = kqueue();
        struct kevent add;
        CHECK(kq >= 0);
        EV_SET(&add, (uintptr_t)ends[0], EVFILT_READ, EV_ADD, 0, 0, NULL);
        CHECK(kevent(kq, &add, 1, last, 1, &zero) == 0 || last[0].data == 1);
        CHECK(close(kq) == 0);
        if (i == rounds / 2)
            grown = resident();
    }

    grown = resident() - grown;
    libkqueue_drain_pending_close();
    CHECK(count_entries("fd") <= held);
    fprintf(stderr, "grew by %ld kB\n", grown);
    CHECK(grown < rounds_of(2048, 4096));
}

static void no_descriptor_left_is_emfile(void)
{
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    int kq = kqueue();
    int held = count_entries("fd");
    for (rlim_t most = (rlim_t)kq; most < (rlim_t)kq + 12; most++) {
        struct rlimit less = { most, limit.rlim_max };
        CHECK(setrlimit(RLIMIT_NOFILE, &less) == 0);
        int second = kqueue();
        if (second >= 0)
            CHECK(close(second) == 0);
        else
            CHECK(errno == EMFILE);
        libkqueue_drain_pending_close();
    }

    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(count_entries("fd") <= held);
    CHECK(poll_queue(kq) == 0);
}

static void queues_nest(void)
{
    int inner = kqueue();
    int outer = kqueue();
    CHECK(change(outer, (uintptr_t)inner, EVFILT_READ, EV_ADD, 0, 0) == 0);
    CHECK(poll_queue(outer) == 0);
    CHECK(change(inner, 1, EVFILT_USER, EV_ADD, 0, 0) == 0 && change(inner, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
    CHECK(next_event(outer) == 1 && last[0].ident == (uintptr_t)inner && last[0].data == 1);
}

/* The file is open as long as a duplicate is. */
static void waiter_outlives_its_number(void)
{
    pthread_t thread;
    void *error;
    int kq = kqueue();
    int twin = dup(kq);
    int number = kq;
    CHECK(change(kq, 1, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0) == 0);
    CHECK(pthread_create(&thread, NULL, wait_for_ebadf, &number) == 0);
    pause_for(50);
    CHECK(close(kq) == 0);
    pause_for(700);
    CHECK(change(twin, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
    CHECK(pthread_join(thread, &error) == 0);
    CHECK(error == NULL);
    CHECK(poll_queue(twin) == 0);
}

/* A program that closes every number has closed the library's as well; what it opens then is its own. */
static void closed_numbers_are_left_alone(void)
{
    int files[12];
    char byte;
    FILE *file = tmpfile();
    CHECK(file != NULL && dup2(fileno(file), 100) == 100);
    CHECK(kqueue() >= 0 && kqueue() >= 0);
    for (int fd = 3; fd < 100; fd++)
        close(fd);
    for (int i = 0; i < 12; i++)
        CHECK((files[i] = dup(100)) >= 0);
    libkqueue_drain_pending_close();
    int kq = kqueue();
    CHECK(change(kq, 1, EVFILT_USER, EV_ADD, 0, 0) == 0);
    CHECK(fork() != 0 || (_exit(0), 0));
    for (int i = 0; i < 12; i++)
        CHECK(fcntl(files[i], F_GETFD) >= 0);
    CHECK(read(100, &byte, 1) == 0);
}

#define MANY 70

/* There are 64 marks. */
static void queues_with_one_mark_are_told_apart(void)
{
    int queues[MANY];
    for (int i = 0; i < MANY; i++) {
        queues[i] = kqueue();
        CHECK(change(queues[i], (uintptr_t)i, EVFILT_USER, EV_ADD, 0, 0) == 0);
    }
    for (int i = 0; i < MANY; i++)
        CHECK(change(queues[i], (uintptr_t)i, EVFILT_USER, EV_ENABLE, 0, 0) == 0);
    for (int i = 1; i < MANY; i++) {
        CHECK(dup2(queues[i], queues[0]) == queues[0]);
        CHECK(change(queues[0], (uintptr_t)i, EVFILT_USER, EV_ENABLE, 0, 0) == 0);
        CHECK(dup2(queues[1], queues[0]) == queues[0]);
        CHECK(change(queues[0], 1, EVFILT_USER, EV_ENABLE, 0, 0) == 0);
    }
    for (int i = 65; i < MANY; i++) {
        CHECK(dup2(queues[i], queues[i - 64]) == queues[i - 64]);
        CHECK(change(queues[i - 64], (uintptr_t)i, EVFILT_USER, EV_ENABLE, 0, 0) == 0);
    }
}

/* A set of somebody else's under a queue's number is not changed, nor are its events taken. */
static void strangers_set_is_left_alone(void)
{
    int ends[2];
    int kq = kqueue();
    struct epoll_event wanted = { .events = EPOLLIN | EPOLLET, .data.fd = 77 }, found;
    CHECK(pipe(ends) == 0 && write(ends[1], "x", 1) == 1);
    int set = epoll_create1(0);
    CHECK(epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &wanted) == 0);
    CHECK(dup2(set, kq) == kq);
    CHECK_FAILS(EBADF, change(kq, (uintptr_t)ends[1], EVFILT_WRITE, EV_ADD, 0, 0));
    CHECK_FAILS(EBADF, poll_queue(kq));
    CHECK(epoll_wait(kq, &found, 1, 0) == 1 && found.data.fd == 77);
}

/* No call has noticed yet that the queue was closed. Another queue, which was there before, watches what has its number now. */
static void reused_number_is_watched(void)
{
    int ends[2], pair[2];
    char path[] = "/tmp/kqueue-XXXXXX";
    int first = kqueue();
    int second = kqueue();
    int third = kqueue();
    int kq = kqueue();
    CHECK(close(first) == 0 && pipe(ends) == 0 && ends[0] == first && write(ends[1], "x", 1) == 1);
    CHECK(change(kq, (uintptr_t)ends[0], EVFILT_READ, EV_ADD, 0, 0) == 0);
    CHECK(next_event(kq) == 1 && last[0].ident == (uintptr_t)ends[0] && last[0].data == 1);
    CHECK(change(kq, (uintptr_t)ends[0], EVFILT_READ, EV_DELETE, 0, 0) == 0);

    /* A number that was watched as a queue. */
    CHECK(change(kq, (uintptr_t)second, EVFILT_READ, EV_ADD, 0, 0) == 0);
    CHECK(close(second) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && pair[0] == second);
    CHECK(change(kq, (uintptr_t)pair[0], EVFILT_WRITE, EV_ADD, 0, 0) == 0);
    CHECK(next_event(kq) == 1 && last[0].ident == (uintptr_t)pair[0] && last[0].filter == EVFILT_WRITE);
    CHECK(change(kq, (uintptr_t)pair[0], EVFILT_WRITE, EV_DELETE, 0, 0) == 0);

    CHECK(close(third) == 0);
    int file = mkstemp(path);
    CHECK(file == third && unlink(path) == 0);
    CHECK(change(kq, (uintptr_t)file, EVFILT_VNODE, EV_ADD, NOTE_WRITE, 0) == 0);
    CHECK(write(file, "x", 1) == 1 && next_event(kq) == 1 && (last[0].fflags & NOTE_WRITE));
}

/* A daemon that has closed its standard files opens others in their place, and meets nothing of the library's there. */
static void standard_numbers_are_left_free(void)
{
    int message = fcntl(2, F_DUPFD_CLOEXEC, 50);
    for (int fd = 0; fd < 3; fd++)
        CHECK(close(fd) == 0);
    int kq = kqueue();
    int is_free = fcntl(0, F_GETFD) < 0 && fcntl(1, F_GETFD) < 0 && fcntl(2, F_GETFD) < 0;
    CHECK(dup2(message, 2) == 2);
    CHECK(is_free && kq > 2);
    CHECK(change(kq, 1, EVFILT_USER, EV_ADD, 0, 0) == 0 && change(kq, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
    CHECK(next_event(kq) == 1);
}

RUN_BY_NAME(
    { "ReusedNumberIsWatched", reused_number_is_watched },
    { "StandardNumbersAreLeftFree", standard_numbers_are_left_free },
    { "PollSelectAndEpollSeeIt", poll_select_and_epoll_see_it },
    { "DescriptorIsReadableWhileEventsAreQueued", descriptor_is_readable_while_events_are_queued },
    { "DuplicatesAreOneQueue", duplicates_are_one_queue },
    { "CloseWakesWaiters", close_wakes_waiters },
    { "ClosedQueueHoldsUntilItIsNoticed", closed_queue_holds_until_it_is_noticed },
    { "WaiterFreesOtherQueues", waiter_frees_other_queues },
    { "NumberMayBeReusedAtOnce", number_may_be_reused_at_once },
    { "ClosingFrees", closing_frees },
    { "NoDescriptorLeftIsEmfile", no_descriptor_left_is_emfile },
    { "QueuesNest", queues_nest },
    { "WaiterOutlivesItsNumber", waiter_outlives_its_number },
    { "ClosedNumbersAreLeftAlone", closed_numbers_are_left_alone },
    { "QueuesWithOneMarkAreToldApart", queues_with_one_mark_are_told_apart },
    { "StrangersSetIsLeftAlone", strangers_set_is_left_alone })
