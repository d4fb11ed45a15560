/* Threads that end, or are cancelled, and programs that do. */
#include "check.h"

#include <semaphore.h>
#include <sys/wait.h>

static int kq;
static pthread_key_t key;
static volatile int is_over;
static volatile int has_waited;

static void trigger_it(void *unused)
{
    (void)unused;
    CHECK(change(kq, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
}

static void *look_once(void *set)
{
    if (set != NULL)
        CHECK(pthread_setspecific(key, set) == 0);
    CHECK(poll_queue(kq) >= 0);
    return NULL;
}

static void make_queue(void)
{
    kq = kqueue();
    CHECK(kq >= 0 && change(kq, 1, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0) == 0);
}

/* The runtime's part of the thread ends by such a destructor as well. */
static void destructor_of_thread_data_calls(void)
{
    pthread_t thread;
    make_queue();
    CHECK(pthread_key_create(&key, trigger_it) == 0);
    for (int i = 0; i < 200; i++) {
        CHECK(pthread_create(&thread, NULL, look_once, &kq) == 0 && pthread_join(thread, NULL) == 0);
        CHECK(poll_queue(kq) == 1);
    }
}

static void *look_in_short_lived_threads(void *unused)
{
    (void)unused;
    while (!is_over) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, look_once, NULL) == 0 && pthread_join(thread, NULL) == 0);
    }
    return NULL;
}

static void use_many_queues(int count)
{
    for (int i = 0; i < count; i++) {
        int own = kqueue();
        CHECK(own >= 0 && change(own, 1, EVFILT_USER, EV_ADD, 0, 0) == 0 && close(own) == 0);
    }
}

/* What ends a thread in the runtime takes its locks: a child in which they are held hangs when a thread comes or the collector runs. */
static void threads_end_at_the_fork(void)
{
    pthread_t threads[2];
    make_queue();
    for (int i = 0; i < 2; i++)
        CHECK(pthread_create(&threads[i], NULL, look_in_short_lived_threads, NULL) == 0);
    for (int i = rounds_of(50, 150); i > 0; i--) {
        int status;
        pid_t child = fork();
        if (child == 0) {
            pthread_t thread;
            alarm(100);
            use_many_queues(i % 10 == 0 ? 500 : 1);
            make_queue();
            CHECK(pthread_create(&thread, NULL, look_once, NULL) == 0 && pthread_join(thread, NULL) == 0);
            _exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
    is_over = 1;
    for (int i = 0; i < 2; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

static sem_t has_looked;

static void *look_and_stay(void *unused)
{
    (void)unused;
    CHECK(poll_queue(kq) >= 0);
    sem_post(&has_looked);
    for (;;)
        pause();
}

/* The C library gives their stacks, and what the runtime keeps there of each thread, to the child's. */
static void threads_of_the_child_replace_those_of_the_parent(void)
{
    int status;
    pthread_t thread;
    make_queue();
    CHECK(sem_init(&has_looked, 0, 0) == 0);
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&thread, NULL, look_and_stay, NULL) == 0 && sem_wait(&has_looked) == 0);
    pid_t child = fork();
    if (child == 0) {
        pthread_t threads[8];
        alarm(100);
        make_queue();
        for (int i = 0; i < 20; i++)
            CHECK(pthread_create(&thread, NULL, look_once, NULL) == 0 && pthread_join(thread, NULL) == 0);
        for (int i = 0; i < 8; i++)
            CHECK(pthread_create(&threads[i], NULL, look_and_stay, NULL) == 0);
        use_many_queues(2000);
        pid_t grandchild = fork();
        if (grandchild == 0) {
            alarm(100);
            make_queue();
            CHECK(pthread_create(&thread, NULL, look_once, NULL) == 0 && pthread_join(thread, NULL) == 0);
            use_many_queues(2000);
            _exit(0);
        }
        CHECK(waitpid(grandchild, &status, 0) == grandchild && status == 0);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

/* The runtime's own thread is just being made. */
static void fork_right_after_the_first_queue(void)
{
    for (int i = 0; i < 50; i++) {
        int status;
        pid_t child = fork();
        if (child == 0) {
            alarm(100);
            make_queue();
            pid_t grandchild = fork();
            if (grandchild == 0) {
                alarm(100);
                use_many_queues(500);
                _exit(0);
            }
            CHECK(waitpid(grandchild, &status, 0) == grandchild && status == 0);
            _exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child && status == 0);
    }
}

static void at_exit(void)
{
    CHECK(change(kq, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0 && poll_queue(kq) == 1);
    use_many_queues(10);
}

static void *exit_here(void *unused)
{
    (void)unused;
    exit(0);
}

static void exit_handlers_call(void)
{
    pthread_t thread;
    CHECK(atexit(at_exit) == 0);
    make_queue();
    CHECK(pthread_create(&thread, NULL, exit_here, NULL) == 0);
    pthread_join(thread, NULL);
}

static void *take_one(void *unused)
{
    struct kevent e;
    (void)unused;
    has_waited = kevent(kq, NULL, 0, &e, 1, NULL);
    pthread_testcancel();
    return NULL;
}

static void cancelled_thread_ends_in_its_sleep(void)
{
    pthread_t threads[4];
    void *result;
    make_queue();
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, take_one, NULL) == 0);
    pause_for(50);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_cancel(threads[i]) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_join(threads[i], &result) == 0 && result == PTHREAD_CANCELED);
    CHECK(has_waited == 0);
    trigger_it(NULL);
    CHECK(pthread_join(threads[3], &result) == 0 && result == NULL && has_waited == 1);

    /* Nothing holds the queue. */
    int held = count_entries("fd");
    CHECK(close(kq) == 0);
    libkqueue_drain_pending_close();
    CHECK(count_entries("fd") == held - 5);
}

/* The event is the thread's, or it is there for another: an edge that the kernel has told the cancelled thread is not lost. */
static void cancelled_thread_loses_no_event(void)
{
    int ends[2];
    make_queue();
    CHECK(pipe(ends) == 0 && change(kq, (uintptr_t)ends[0], EVFILT_READ, EV_ADD | EV_CLEAR, 0, 0) == 0);
    for (int i = 0; i < 1000; i++) {
        pthread_t thread;
        char byte;
        has_waited = 0;
        CHECK(pthread_create(&thread, NULL, take_one, NULL) == 0);
        if (i % 2 == 0)
            pause_for(1);
        CHECK(write(ends[1], "x", 1) == 1);
        CHECK(pthread_cancel(thread) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
        if (has_waited == 0)
            CHECK(next_event(kq) == 1 && last[0].ident == (uintptr_t)ends[0]);
        CHECK(poll_queue(kq) == 0);
        CHECK(read(ends[0], &byte, 1) == 1);
    }
}

static void *take_one_uncancelled(void *unused)
{
    CHECK(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL) == 0);
    return take_one(unused);
}

static void cancellation_may_be_disabled(void)
{
    pthread_t thread;
    void *result;
    make_queue();
    CHECK(pthread_create(&thread, NULL, take_one_uncancelled, NULL) == 0);
    pause_for(50);
    CHECK(pthread_cancel(thread) == 0);
    pause_for(50);
    trigger_it(NULL);
    CHECK(pthread_join(thread, &result) == 0 && result == NULL && has_waited == 1);
}

RUN_BY_NAME(
    { "DestructorOfThreadDataCalls", destructor_of_thread_data_calls },
    { "ThreadsEndAtTheFork", threads_end_at_the_fork },
    { "ThreadsOfTheChildReplaceThoseOfTheParent", threads_of_the_child_replace_those_of_the_parent },
    { "ForkRightAfterTheFirstQueue", fork_right_after_the_first_queue },
    { "ExitHandlersCall", exit_handlers_call },
    { "CancelledThreadEndsInItsSleep", cancelled_thread_ends_in_its_sleep },
    { "CancelledThreadLosesNoEvent", cancelled_thread_loses_no_event },
    { "CancellationMayBeDisabled", cancellation_may_be_disabled })
