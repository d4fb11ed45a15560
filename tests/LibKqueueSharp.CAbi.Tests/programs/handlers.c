/* Signal handlers call the library, as they may on BSD, whatever their thread is doing. */
#include "check.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>
#include <ucontext.h>

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

/* What needs an answer at once cannot be kept for later. */
static volatile sig_atomic_t refusals;

static void wait_in_handler(int number)
{
    struct kevent e;
    int error = errno;
    (void)number;
    runs = runs + 1;
    if (kevent(kq, NULL, 0, &e, 1, &zero) < 0) {
        int queue_error = kqueue() < 0 ? errno : 0;
        refusals = refusals + 1;
        failures = failures + (queue_error != EDEADLK);
    }
    failures = failures + (errno != EDEADLK && errno != error);
    errno = error;
}

static void call_that_needs_an_answer_is_edeadlk_inside(void)
{
    ring(wait_in_handler, 200);
    while (refusals < 100) {
        CHECK(change(kq, 1, EVFILT_USER, EV_ADD, 0, 0) == 0);
        CHECK(change(kq, 1, EVFILT_USER, EV_DELETE, 0, 0) == 0);
    }
    CHECK(failures == 0);
    CHECK(runs > refusals);
}

static sigjmp_buf before_sleep;

static void leave_sleep(int number)
{
    (void)number;
    siglongjmp(before_sleep, 1);
}

static void *leave_and_end(void *unused)
{
    struct itimerspec soon = { { 0, 0 }, { 0, 20000000 } };
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
    timer_t timer;
    int state;
    (void)unused;
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    for (int i = 0; i < 10; i++) {
        if (sigsetjmp(before_sleep, 1) == 0) {
            CHECK(timer_settime(timer, 0, &soon, NULL) == 0);
            kevent(kq, NULL, 0, last, 1, NULL);
            CHECK(0);
        }
        CHECK(change(kq, 7, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0 && next_event(kq) == 1);
    }
    CHECK(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state) == 0 && state == PTHREAD_CANCEL_ENABLE);
    pthread_exit(&kq);
}

/* By longjmp(3). Nothing of the sleep is left behind: not for the thread's end, nor for the queue's. */
static void handler_leaves_a_sleep(void)
{
    pthread_t thread;
    sigset_t set;
    void *result;
    int none = count_entries("fd");
    kq = kqueue();
    CHECK(change(kq, 7, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0) == 0);
    CHECK(signal(SIGALRM, leave_sleep) != SIG_ERR);
    CHECK(pthread_create(&thread, NULL, leave_and_end, NULL) == 0);
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
    CHECK(pthread_join(thread, &result) == 0 && result == &kq);
    CHECK(close(kq) == 0);
    libkqueue_drain_pending_close();
    CHECK(count_entries("fd") == none);
}

#ifdef __x86_64__
#define TRAP_FLAG 0x100

static volatile long step;
static volatile long interrupted_at = 1;
static volatile sig_atomic_t is_stepping;
static volatile sig_atomic_t was_inside;

/* After each instruction of the call below. */
static void on_step(int number, siginfo_t *info, void *context)
{
    greg_t *flags = &((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL];
    int error = errno;
    (void)number;
    (void)info;
    step = step + 1;
    if (step == interrupted_at && change(kq, 8, EVFILT_USER, 0, NOTE_TRIGGER, 0) != 0)
        failures = failures + 1;
    *flags = is_stepping && step < interrupted_at ? *flags | TRAP_FLAG : *flags & ~TRAP_FLAG;
    errno = error;
}

static int trigger_step_by_step(void)
{
    step = 0;
    is_stepping = 1;
    __asm__ volatile("pushfq; orq %0, (%%rsp); popfq" : : "i"(TRAP_FLAG) : "memory", "cc");
    int result = change(kq, 7, EVFILT_USER, 0, NOTE_TRIGGER, 0);
    is_stepping = 0;
    __asm__ volatile("nop; nop");
    return result;
}

static void trigger_once_inside(int number)
{
    struct kevent e;
    int error = errno;
    (void)number;
    if (!was_inside && kevent(kq, NULL, 0, &e, 1, &zero) < 0 && errno == EDEADLK) {
        failures = failures + (trigger_step_by_step() != 0);
        was_inside = 1;
    }
    errno = error;
}

static int take_both(void)
{
    int seen = 0;
    for (int look = 0; look < 3; look++) {
        int count = poll_queue(kq);
        CHECK(count >= 0);
        for (int i = 0; i < count; i++)
            seen |= last[i].ident == 7 ? 1 : 2;
    }
    return seen;
}

static void prepare_steps(void)
{
    struct sigaction action = { .sa_flags = SA_SIGINFO | SA_NODEFER };
    action.sa_sigaction = on_step;
    CHECK(sigaction(SIGTRAP, &action, NULL) == 0);
}

/* A handler is interrupted by another after each instruction of its call, both inside a call of the program's. */
static void nested_handlers_lose_no_change(void)
{
    prepare_steps();
    ring(trigger_once_inside, 300);
    CHECK(change(kq, 8, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0) == 0);
    do {
        was_inside = 0;
        while (!was_inside)
            CHECK(change(kq, 1, EVFILT_USER, EV_ADD, 0, 0) == 0);
        int seen = take_both();
        CHECK(failures == 0);
        if (step >= interrupted_at && seen != 3) {
            fprintf(stderr, "interrupted after %ld instructions: seen %d\n", interrupted_at, seen);
            CHECK(0);
        }
        interrupted_at = interrupted_at + 1;
    } while (step >= interrupted_at - 1);
    CHECK(interrupted_at > 50);
}

/* A handler calls after each 17th instruction of a call: before managed code, in it, and on the way out. */
static void handler_comes_in_the_middle_of_a_call(void)
{
    prepare_steps();
    kq = kqueue();
    CHECK(change(kq, 7, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0) == 0 && change(kq, 8, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0) == 0);
    do {
        CHECK(trigger_step_by_step() == 0);
        int seen = take_both();
        CHECK(failures == 0);
        if (step >= interrupted_at && seen != 3) {
            fprintf(stderr, "interrupted after %ld instructions: seen %d\n", interrupted_at, seen);
            CHECK(0);
        }
        interrupted_at = interrupted_at + 17;
    } while (step >= interrupted_at - 17);
    CHECK(interrupted_at > 500);
}

static void *look_for_a_moment(void *unused)
{
    (void)unused;
    CHECK(poll_queue(kq) >= 0);
    pause_for(20);
    return NULL;
}

static void *make_first_call(void *unused)
{
    (void)unused;
    CHECK(trigger_step_by_step() == 0);
    return NULL;
}

static void *use_in_child(void *unused)
{
    (void)unused;
    int own = kqueue();
    CHECK(own >= 0 && change(own, 1, EVFILT_USER, EV_ADD, 0, 0) == 0 && close(own) == 0);
    return NULL;
}

/* How far a first call goes before it is inside. */
#define STEPS_TO_THE_GATE 400

/* By a handler that calls as well, after each instruction. The stacks are so large that the C library unmaps them: what is left of a thread is not there in a child. */
static void first_call_of_a_thread_is_interrupted(void)
{
    pthread_attr_t attributes;
    pthread_t threads[3];
    prepare_steps();
    kq = kqueue();
    CHECK(change(kq, 7, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0) == 0 && change(kq, 8, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, look_for_a_moment, NULL) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(pthread_attr_init(&attributes) == 0 && pthread_attr_setstacksize(&attributes, 64 << 20) == 0);
    /* A quick run takes every fourth place, another one each time. */
    int stride = rounds_of(4, 1);
    for (interrupted_at = interrupted_at + getpid() % stride; interrupted_at < STEPS_TO_THE_GATE; interrupted_at = interrupted_at + stride) {
        int status;
        CHECK(pthread_create(&threads[0], &attributes, make_first_call, NULL) == 0 && pthread_join(threads[0], NULL) == 0);
        CHECK(failures == 0 && step == interrupted_at && take_both() == 3);
        pid_t child = fork();
        if (child == 0) {
            alarm(100);
            CHECK(pthread_create(&threads[0], NULL, use_in_child, NULL) == 0 && pthread_join(threads[0], NULL) == 0);
            use_in_child(NULL);
            _exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child);
        if (status != 0) {
            fprintf(stderr, "interrupted after %ld instructions: child: status 0x%x\n", interrupted_at, status);
            CHECK(0);
        }
    }
}
#else
static void nested_handlers_lose_no_change(void)
{
}

static void first_call_of_a_thread_is_interrupted(void)
{
}

static void handler_comes_in_the_middle_of_a_call(void)
{
}
#endif

RUN_BY_NAME(
    { "CallThatNeedsAnAnswerIsEdeadlkInside", call_that_needs_an_answer_is_edeadlk_inside },
    { "HandlerLeavesASleep", handler_leaves_a_sleep },
    { "NestedHandlersLoseNoChange", nested_handlers_lose_no_change },
    { "FirstCallOfAThreadIsInterrupted", first_call_of_a_thread_is_interrupted },
    { "HandlerComesInTheMiddleOfACall", handler_comes_in_the_middle_of_a_call },
    { "HandlerTriggersInsideACall", handler_triggers_inside_a_call },
    { "HandlerTriggersBeforeASleep", handler_triggers_before_a_sleep },
    { "HandlerForksInsideACall", handler_forks_inside_a_call })
