/* Signal handlers call the library, as they may on BSD, whatever their thread is doing. */
#include "check.h"

#include <signal.h>
#include <sys/wait.h>

static int kq;
static volatile sig_atomic_t runs;
static volatile sig_atomic_t failures;
static volatile sig_atomic_t is_child;

static void trigger(int number)
{
    int error = errno;
    (void)number;
    runs = runs + 1;
    if (change(kq, 7, EVFILT_USER, 0, NOTE_TRIGGER, 0) != 0)
        failures = failures + 1;
    errno = error;
}

static void fork_here(int number)
{
    int error = errno;
    (void)number;
    runs = runs + 1;
    pid_t child = fork();
    if (child < 0)
        failures = failures + 1;
    is_child = is_child || child == 0;
    errno = error;
}

/* SIGALRM comes again and again. */
static void ring(void (*handler)(int), long microseconds)
{
    struct sigaction action = { .sa_handler = handler };
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
    struct itimerspec times = { { 0, microseconds * 1000 }, { 0, microseconds * 1000 } };
    timer_t timer;
    kq = kqueue();
    CHECK(change(kq, 7, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0) == 0);
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 && timer_settime(timer, 0, &times, NULL) == 0);
}

static void handler_triggers_inside_a_call(void)
{
    long taken = 0;
    ring(trigger, 200);
    while (runs < 3000) {
        int count = poll_queue(kq);
        CHECK(count >= 0);
        taken += count;
    }
    CHECK(failures == 0);
    CHECK(taken > 0);
    signal(SIGALRM, SIG_IGN);
    poll_queue(kq);
    trigger(SIGALRM);
    CHECK(next_event(kq) == 1 && last[0].ident == 7);
}

/* A handler that comes before the sleep, or in it, ends it. */
static void handler_triggers_before_a_sleep(void)
{
    ring(trigger, 1000);
    while (runs < 1000) {
        int count = kevent(kq, NULL, 0, last, 1, NULL);
        CHECK(count == 1 || errno == EINTR);
    }
    CHECK(failures == 0);
}

static void handler_forks_inside_a_call(void)
{
    ring(fork_here, 50000);
    while (runs < 40 && !is_child)
        CHECK(poll_queue(kq) >= 0 || is_child);
    signal(SIGALRM, SIG_IGN);
    if (is_child) {
        CHECK_FAILS(EBADF, poll_queue(kq));
        kq = kqueue();
        CHECK(change(kq, 7, EVFILT_USER, EV_ADD, 0, 0) == 0 && change(kq, 7, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0 && next_event(kq) == 1);
        _exit(0);
    }
    CHECK(failures == 0);
    for (int i = 0; i < 40; i++) {
        int status;
        CHECK(wait(&status) > 0);
        CHECK(status == 0);
    }
    trigger(SIGALRM);
    CHECK(next_event(kq) == 1);
}

RUN_BY_NAME(
    { "HandlerTriggersInsideACall", handler_triggers_inside_a_call },
    { "HandlerTriggersBeforeASleep", handler_triggers_before_a_sleep },
    { "HandlerForksInsideACall", handler_forks_inside_a_call })
