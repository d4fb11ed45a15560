/* Many threads, registrations that change all the time. */
#include "check.h"

#include <sys/socket.h>

#define THREADS 16

/* KQ_CABI_ROUNDS=30000 makes 7.7 million calls. */
static int rounds;

static int shared;
static long calls;

/* Eight calls a round: its own registrations in the shared queue, and whatever events are there. */
static void *work(void *argument)
{
    uintptr_t number = (uintptr_t)argument;
    int ends[2];
    struct kevent taken[4];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    for (int i = 0; i < rounds; i++) {
        char byte;
        CHECK(change(shared, (uintptr_t)ends[0], EVFILT_READ, EV_ADD | EV_CLEAR, 0, 0) == 0);
        CHECK(change(shared, number, EVFILT_USER, EV_ADD | EV_ONESHOT, 0, 0) == 0);
        CHECK(change(shared, number, EVFILT_TIMER, EV_ADD, NOTE_USECONDS, 100) == 0);
        CHECK(write(ends[1], "x", 1) == 1);
        CHECK(change(shared, number, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
        CHECK(kevent(shared, NULL, 0, taken, 4, &zero) >= 0);
        CHECK(read(ends[0], &byte, 1) == 1);
        CHECK(change(shared, (uintptr_t)ends[0], EVFILT_READ, EV_DELETE, 0, 0) == 0);
        CHECK(change(shared, number, EVFILT_TIMER, EV_DELETE, 0, 0) == 0);

        /* Somebody has taken the one-shot event, or it is still there. */
        int deleted = change(shared, number, EVFILT_USER, EV_DELETE, 0, 0);
        CHECK(deleted == 0 || errno == ENOENT);
        __atomic_add_fetch(&calls, 8, __ATOMIC_RELAXED);
    }
    close(ends[0]);
    close(ends[1]);
    return NULL;
}

static void run_all(void)
{
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, work, (void *)(i + 1)) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

static void millions_of_calls(void)
{
    const char *asked = getenv("KQ_CABI_ROUNDS");
    rounds = asked != NULL ? atoi(asked) : rounds_of(250, 5000);
    shared = kqueue();
    run_all();
    int held = count_entries("fd");
    long before = resident();
    run_all();
    long grown = resident() - before;
    printf("%ld calls, grew by %ld kB\n", calls, grown);
    CHECK(grown < 4096);
    CHECK(count_entries("fd") == held);
    CHECK(poll_queue(shared) == 0);
    CHECK(count_entries("task") <= 4);
}

/* Threads that come, call once and go leave nothing. */
static void *call_once(void *unused)
{
    (void)unused;
    CHECK(kevent(shared, NULL, 0, NULL, 0, NULL) == 0);
    return NULL;
}

static void short_lived_threads(void)
{
    long before = 0;
    shared = kqueue();
    for (int i = 0; i < 20000; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, call_once, NULL) == 0 && pthread_join(thread, NULL) == 0);
        if (i == 10000)
            before = resident();
    }
    printf("grew by %ld kB\n", resident() - before);
    CHECK(resident() - before < 2048);
}

static void *sleep_in_queue(void *argument)
{
    struct kevent e;
    (void)argument;
    return (void *)(intptr_t)kevent(shared, NULL, 0, &e, 1, NULL);
}

static void each_sleeper_is_woken(void)
{
    pthread_t threads[THREADS];
    shared = kqueue();
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, sleep_in_queue, NULL) == 0);
    for (uintptr_t i = 0; i < THREADS; i++)
        CHECK(change(shared, i, EVFILT_USER, EV_ADD | EV_ONESHOT, 0, 0) == 0 && change(shared, i, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
    for (int i = 0; i < THREADS; i++) {
        void *count;
        CHECK(pthread_join(threads[i], &count) == 0 && (intptr_t)count == 1);
    }
}

/* The room for the kernel's answer is on the stack, and as large as the eventlist. */
static void *use_little_stack(void *unused)
{
    struct timespec brief = { 0, 1000000 };
    struct kevent e;
    (void)unused;
    CHECK(change(shared, 1, EVFILT_TIMER, EV_ADD, 0, 1000) == 0);
    CHECK(kevent(shared, NULL, 0, &e, 1, &brief) == 0);
    CHECK(change(shared, 1, EVFILT_TIMER, EV_DELETE, 0, 0) == 0);
    int own = kqueue();
    CHECK(own >= 0 && close(own) == 0);
    return NULL;
}

static void small_stacks_do(void)
{
    pthread_t thread;
    pthread_attr_t attributes;
    shared = kqueue();
    CHECK(pthread_attr_init(&attributes) == 0 && pthread_attr_setstacksize(&attributes, 65536) == 0);
    for (int i = 0; i < 100; i++)
        CHECK(pthread_create(&thread, &attributes, use_little_stack, NULL) == 0 && pthread_join(thread, NULL) == 0);
}

RUN_BY_NAME(
    { "SmallStacksDo", small_stacks_do },
    { "MillionsOfCalls", millions_of_calls },
    { "ShortLivedThreads", short_lived_threads },
    { "EachSleeperIsWoken", each_sleeper_is_woken })
