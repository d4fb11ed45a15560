/* EVFILT_SIGNAL in a C program. */
#include "check.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>

static volatile sig_atomic_t handled;
static volatile sig_atomic_t later;

static void on_signal(int number)
{
    (void)number;
    handled++;
}

static void on_signal_later(int number)
{
    (void)number;
    later++;
}

static void install(int number, void (*handler)(int))
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    CHECK(sigaction(number, &action, NULL) == 0);
}

static int watch(int number)
{
    int kq = kqueue();
    CHECK(change(kq, (uintptr_t)number, EVFILT_SIGNAL, EV_ADD, 0, 0) == 0);
    return kq;
}

static void expect(int kq, int number, int count)
{
    int seen = 0;
    while (seen < count) {
        int events = next_event(kq);
        if (events == -1 && errno == EINTR)
            continue;
        CHECK(events == 1 && last[0].ident == (uintptr_t)number && last[0].filter == EVFILT_SIGNAL);
        seen += (int)last[0].data;
    }
    CHECK(seen == count);
    CHECK(poll_queue(kq) == 0);
}

static void handler_still_runs(void)
{
    install(SIGUSR1, on_signal);
    int kq = watch(SIGUSR1);
    for (int i = 1; i <= 3; i++) {
        kill(getpid(), SIGUSR1);
        expect(kq, SIGUSR1, 1);
        CHECK(handled == i);
    }
    CHECK(change(kq, SIGUSR1, EVFILT_SIGNAL, EV_DELETE, 0, 0) == 0);
    kill(getpid(), SIGUSR1);
    pause_for(50);
    CHECK(handled == 4 && poll_queue(kq) == 0);
}

static void ignored_signal_counts(void)
{
    install(SIGTERM, SIG_IGN);
    int kq = watch(SIGTERM);
    kill(getpid(), SIGTERM);
    expect(kq, SIGTERM, 1);
    CHECK(change(kq, SIGTERM, EVFILT_SIGNAL, EV_DELETE, 0, 0) == 0);
    kill(getpid(), SIGTERM);

    struct sigaction action;
    CHECK(sigaction(SIGTERM, NULL, &action) == 0 && action.sa_handler == SIG_IGN);
}

static void default_action_is_taken(void)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        int kq = watch(SIGTERM);
        kill(getpid(), SIGTERM);
        (void)kq;
        pause_for(60000);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

static void blocked_signal_is_read(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
    install(SIGUSR1, on_signal);
    install(SIGUSR2, on_signal_later);
    int kq = watch(SIGUSR1);
    kill(getpid(), SIGUSR1);
    expect(kq, SIGUSR1, 1);
    kill(getpid(), SIGUSR2);
    pause_for(20);
    CHECK(later == 1 && handled == 0);
    for (int i = 0; i < 5; i++) {
        kill(getpid(), SIGUSR1);
        expect(kq, SIGUSR1, 1);
    }

    /* Deviation blocked-signal-is-taken: BSD leaves it pending. */
    CHECK(sigpending(&set) == 0 && sigismember(&set, SIGUSR1) == 0);
}

/* The handler that a program installs after the registration is its own and works; the next EV_ADD sees the signal again. */
static void later_handler_works(void)
{
    int kq = watch(SIGUSR2);
    install(SIGUSR2, on_signal_later);
    kill(getpid(), SIGUSR2);
    pause_for(20);
    CHECK(later == 1);
    CHECK(change(kq, SIGUSR2, EVFILT_SIGNAL, EV_ADD, 0, 0) == 0);
    poll_queue(kq);
    kill(getpid(), SIGUSR2);
    expect(kq, SIGUSR2, 1);
    CHECK(later == 2);
}

static void each_queue_sees_it(void)
{
    install(SIGHUP, SIG_IGN);
    int first = watch(SIGHUP);
    int second = watch(SIGHUP);
    kill(getpid(), SIGHUP);
    expect(first, SIGHUP, 1);
    expect(second, SIGHUP, 1);
    CHECK(close(first) == 0);
    libkqueue_drain_pending_close();
    kill(getpid(), SIGHUP);
    expect(second, SIGHUP, 1);
}

static void reserved_signals_are_refused(void)
{
    int kq = kqueue();
    int reserved[] = { SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, 32, 33, 34 };
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        CHECK_FAILS(ENOTSUP, change(kq, (uintptr_t)reserved[i], EVFILT_SIGNAL, EV_ADD, 0, 0));
    CHECK_FAILS(EINVAL, change(kq, SIGKILL, EVFILT_SIGNAL, EV_ADD, 0, 0));
    CHECK_FAILS(EINVAL, change(kq, 0, EVFILT_SIGNAL, EV_ADD, 0, 0));
    CHECK_FAILS(EINVAL, change(kq, 65, EVFILT_SIGNAL, EV_ADD, 0, 0));
}

static void child_of_fork_sees_its_signals(void)
{
    int status;
    install(SIGUSR1, on_signal);
    int kq = watch(SIGUSR1);
    pid_t child = fork();
    if (child == 0) {
        alarm(100);
        int mine = watch(SIGUSR1);
        kill(getpid(), SIGUSR1);
        expect(mine, SIGUSR1, 1);
        CHECK(handled == 1);
        _exit(0);
    }
    while (waitpid(child, &status, 0) < 0)
        CHECK(errno == EINTR);
    CHECK(status == 0);
    CHECK(poll_queue(kq) == 0);
    kill(getpid(), SIGUSR1);
    expect(kq, SIGUSR1, 1);
}

/* Also by a signal that comes just when the wait looks after its queue, four times a second. */
static void waiting_is_interrupted(void)
{
    install(SIGALRM, on_signal);
    int kq = kqueue();
    for (int i = 0; i < 20; i++) {
        struct itimerval after = { { 0, 0 }, { 0, 250000 + 60 * (i - 10) } };
        CHECK(setitimer(ITIMER_REAL, &after, NULL) == 0);
        CHECK_FAILS(EINTR, kevent(kq, NULL, 0, last, 1, NULL));
        CHECK(handled == i + 1);
    }

    sigset_t mask;
    CHECK(pthread_sigmask(SIG_BLOCK, NULL, &mask) == 0 && sigismember(&mask, SIGALRM) == 0);
}

/* Handlers of faults that the program has set before are passed on to, on their own stack. */
static sigjmp_buf after_fault;

static void on_fault(int number, siginfo_t *info, void *context)
{
    char here;
    (void)number;
    (void)info;
    (void)context;
    stack_t stack;
    CHECK(sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_ONSTACK));
    CHECK(&here > (char *)stack.ss_sp && &here < (char *)stack.ss_sp + stack.ss_size);
    handled++;
    siglongjmp(after_fault, 1);
}

static int fall(int depth)
{
    volatile char room[4096];
    room[0] = (char)depth;
    return depth < 0 ? 0 : fall(depth + 1) + room[0];
}

static void handler_of_faults_keeps_its_stack(void)
{
    static char room[65536];
    stack_t stack = { .ss_sp = room, .ss_size = sizeof room };
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    CHECK(sigaltstack(&stack, NULL) == 0 && sigaction(SIGSEGV, &action, NULL) == 0);
    int kq = kqueue();
    if (sigsetjmp(after_fault, 1) == 0)
        *(volatile int *)8 = 1;
    CHECK(handled == 1);
    if (sigsetjmp(after_fault, 1) == 0)
        fall(1);
    CHECK(handled == 2);
    CHECK(change(kq, 1, EVFILT_USER, EV_ADD, 0, 0) == 0 && poll_queue(kq) == 0);
}

/* Beside SIGSEGV, SIGFPE and 34. The runtime would have SIGPIPE ignored. */
static void dispositions_stay(void)
{
    struct sigaction before[65], after;
    for (int i = 1; i < 65; i++)
        sigaction(i, NULL, &before[i]);
    int kq = kqueue();
    CHECK(change(kq, 1, EVFILT_USER, EV_ADD, 0, 0) == 0 && poll_queue(kq) == 0);
    for (int i = 1; i < 65; i++) {
        sigaction(i, NULL, &after);
        if (i != SIGSEGV && i != SIGFPE && i != 34 && after.sa_handler != before[i].sa_handler) {
            fprintf(stderr, "signal %d\n", i);
            CHECK(0);
        }
    }
}

/* Linux ends epoll_wait(2) when a stopped process goes on, though nothing was handled. */
static void continuing_interrupts(void)
{
    struct timespec patience = { 60, 0 };
    int kq = kqueue();
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        pause_for(300);
        kill(parent, SIGSTOP);
        pause_for(100);
        kill(parent, SIGCONT);
        _exit(0);
    }
    CHECK_FAILS(EINTR, kevent(kq, NULL, 0, last, 1, &patience));
    CHECK(waitpid(child, NULL, 0) == child);
}

/* Which handler stood before is remembered, once for each. */
static void watching_again_and_again_frees(void)
{
    long grown = 0;
    int kq = kqueue();
    for (int i = 0; i < 40000; i++) {
        install(SIGUSR1, i % 2 == 0 ? on_signal : on_signal_later);
        CHECK(change(kq, SIGUSR1, EVFILT_SIGNAL, EV_ADD, 0, 0) == 0);
        CHECK(change(kq, SIGUSR1, EVFILT_SIGNAL, EV_DELETE, 0, 0) == 0);
        if (i == 20000)
            grown = resident();
    }
    grown = resident() - grown;
    fprintf(stderr, "grew by %ld kB\n", grown);
    CHECK(grown < 1024);
}

#define LAST_NUMBER 100

/* A program that closes every number closes what signals ring and are read from. Its files that get those numbers are neither written nor read. */
static void files_with_numbers_of_signals_are_left_alone(void)
{
    sigset_t set;
    FILE *file = tmpfile();
    CHECK(file != NULL && dup2(fileno(file), LAST_NUMBER) == LAST_NUMBER && write(LAST_NUMBER, "abcdefgh", 8) == 8);
    install(SIGUSR1, on_signal);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
    CHECK(watch(SIGUSR1) >= 0 && watch(SIGUSR2) >= 0);
    for (int fd = 3; fd < LAST_NUMBER; fd++)
        close(fd);
    for (int i = 0; i < 20; i++)
        CHECK(dup(LAST_NUMBER) >= 0);
    kill(getpid(), SIGUSR1);
    CHECK(handled == 1);
    CHECK(lseek(LAST_NUMBER, 0, SEEK_CUR) == 8 && lseek(LAST_NUMBER, 0, SEEK_END) == 8 && lseek(LAST_NUMBER, 0, SEEK_SET) == 0);

    int kq = watch(SIGUSR1);
    CHECK(change(kq, SIGUSR2, EVFILT_SIGNAL, EV_ADD, 0, 0) == 0);
    kill(getpid(), SIGUSR1);
    expect(kq, SIGUSR1, 1);
    kill(getpid(), SIGUSR2);
    expect(kq, SIGUSR2, 1);
    CHECK(lseek(LAST_NUMBER, 0, SEEK_CUR) == 0 && lseek(LAST_NUMBER, 0, SEEK_END) == 8);
}

static volatile int is_over;

static void *make_queues(void *unused)
{
    for (int i = rounds_of(2000, 5000); i > 0; i--) {
        int kq = kqueue();
        CHECK(kq >= 0 && change(kq, 1, EVFILT_USER, EV_ADD, 0, 0) == 0 && close(kq) == 0);
    }
    return unused;
}

static void *change_all_the_time(void *changes)
{
    int kq = kqueue();
    while (!is_over)
        CHECK(kevent(kq, changes, 1000, NULL, 0, NULL) == 0);
    return NULL;
}

/* Two threads make the collector run, and two are in managed code meanwhile. */
static void collect_many_times(void)
{
    static struct kevent changes[1000];
    pthread_t threads[4];
    for (int i = 0; i < 1000; i++)
        EV_SET(&changes[i], (uintptr_t)i, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0, NULL);
    is_over = 0;
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, i < 2 ? make_queues : change_all_the_time, changes) == 0);
    for (int i = 0; i < 4; i++) {
        is_over = i >= 2;
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

/* The runtime stops threads by SIGRTMIN for its collector; not if the program has a handler of its own, or would be killed. */
static void sigrtmin_is_the_programs_if_it_wants_it(void)
{
    CHECK(kqueue() >= 0);
    CHECK(signal(SIGRTMIN, on_signal) != SIG_ERR);
    collect_many_times();
    CHECK(handled == 0);
    CHECK(signal(SIGRTMIN, SIG_DFL) == on_signal);
    collect_many_times();
    CHECK(signal(SIGRTMIN, on_signal) == SIG_DFL && raise(SIGRTMIN) == 0 && handled == 1);
}

static void sigrtmin_stays_the_programs_if_it_had_it(void)
{
    CHECK(signal(SIGRTMIN, on_signal) == SIG_DFL);
    CHECK(kqueue() >= 0);
    collect_many_times();
    CHECK(handled == 0);
    CHECK(raise(SIGRTMIN) == 0 && handled == 1);
}

RUN_BY_NAME(
    { "FilesWithNumbersOfSignalsAreLeftAlone", files_with_numbers_of_signals_are_left_alone },
    { "SigrtminIsTheProgramsIfItWantsIt", sigrtmin_is_the_programs_if_it_wants_it },
    { "SigrtminStaysTheProgramsIfItHadIt", sigrtmin_stays_the_programs_if_it_had_it },
    { "WatchingAgainAndAgainFrees", watching_again_and_again_frees },
    { "HandlerStillRuns", handler_still_runs },
    { "IgnoredSignalCounts", ignored_signal_counts },
    { "DefaultActionIsTaken", default_action_is_taken },
    { "BlockedSignalIsRead", blocked_signal_is_read },
    { "LaterHandlerWorks", later_handler_works },
    { "EachQueueSeesIt", each_queue_sees_it },
    { "ReservedSignalsAreRefused", reserved_signals_are_refused },
    { "ChildOfForkSeesItsSignals", child_of_fork_sees_its_signals },
    { "WaitingIsInterrupted", waiting_is_interrupted },
    { "HandlerOfFaultsKeepsItsStack", handler_of_faults_keeps_its_stack },
    { "DispositionsStay", dispositions_stay },
    { "ContinuingInterrupts", continuing_interrupts })
