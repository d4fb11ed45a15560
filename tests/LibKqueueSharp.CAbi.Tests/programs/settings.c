/* EVFILT_LIBKQUEUE */
#include "check.h"

#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>

static int set(int kq, int flags, unsigned note, intptr_t data)
{
    struct kevent c;
    EV_SET(&c, 0, EVFILT_LIBKQUEUE, EV_ADD | flags, note, data, NULL);
    memset(last, 0, sizeof last);
    return kevent(kq, &c, 1, last, 1, &zero);
}

static void version_is_told(void)
{
    int kq = kqueue();
    CHECK(set(kq, 0, NOTE_VERSION_STR, 0) == 1);
    CHECK(!(last[0].flags & EV_ERROR) && strncmp(last[0].udata, "LibKqueueSharp ", 15) == 0);
    int major, minor, patch;
    CHECK(sscanf((const char *)last[0].udata, "LibKqueueSharp %d.%d.%d", &major, &minor, &patch) == 3);
    CHECK(set(kq, 0, NOTE_VERSION, 0) == 1);
    CHECK(last[0].data == (intptr_t)(major << 24 | minor << 16 | patch << 8));
    CHECK_FAILS(ENOENT, change(kq, 0, EVFILT_USER, EV_DELETE, 0, 0));
}

static void former_values_are_told(void)
{
    int kq = kqueue();
    CHECK(set(kq, EV_RECEIPT, NOTE_THREAD_SAFE, 0) == 1 && last[0].data == 1);
    CHECK(set(kq, 0, NOTE_THREAD_SAFE, 1) == 0);
    CHECK(set(kq, EV_RECEIPT, NOTE_FORK_CLEANUP, 1) == 1 && last[0].data == 1);
    CHECK(set(kq, EV_RECEIPT, NOTE_FORK_CLEANUP, 0) == 1 && last[0].data == 1);
    CHECK(set(kq, EV_RECEIPT, NOTE_FORK_CLEANUP, 1) == 1 && last[0].data == 0);
    CHECK(set(kq, EV_RECEIPT, NOTE_DEBUG, 0) == 1 && last[0].data == 0);
    CHECK(set(kq, 0, NOTE_FILE_POLL_INTERVAL, 50000000) == 0);
    CHECK(set(kq, EV_RECEIPT, NOTE_FILE_POLL_INTERVAL, 0) == 1 && last[0].data == 50000000);
    CHECK(set(kq, 0, NOTE_FILE_POLL_INTERVAL, -1) == 1 && (last[0].flags & EV_ERROR) && last[0].data == EINVAL);
    CHECK(set(kq, 0, 99, 0) == 1 && (last[0].flags & EV_ERROR) && last[0].data == EINVAL);
}

static void settings_among_changes(void)
{
    int kq = kqueue();
    struct kevent c[4];
    EV_SET(&c[0], 1, EVFILT_USER, EV_ADD, 0, 0, NULL);
    EV_SET(&c[1], 0, EVFILT_LIBKQUEUE, EV_ADD, NOTE_VERSION, 0, NULL);
    EV_SET(&c[2], 2, EVFILT_USER, EV_DELETE, 0, 0, NULL);
    EV_SET(&c[3], 1, EVFILT_USER, 0, NOTE_TRIGGER, 0, NULL);
    CHECK(kevent(kq, c, 4, c, 4, &zero) == 2);
    CHECK(c[0].filter == EVFILT_LIBKQUEUE && c[1].filter == EVFILT_USER && c[1].data == ENOENT);
    CHECK(poll_queue(kq) == 1 && last[0].ident == 1);
    EV_SET(&c[0], 0, EVFILT_LIBKQUEUE, EV_ADD, NOTE_THREAD_SAFE, 1, NULL);
    CHECK(kevent(kq, c, 1, c, 4, &zero) == 1 && c[0].filter == EVFILT_USER);
}

static char told[512];

static void tell(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(told, sizeof told, format, arguments);
    va_end(arguments);
}

static void debug_function_is_called(void)
{
    int kq = kqueue();
    CHECK(set(kq, 0, NOTE_DEBUG_FUNC, (intptr_t)tell) == 0);
    CHECK(set(kq, 0, NOTE_DEBUG_PREFIX, (intptr_t)"mine") == 0);
    CHECK(set(kq, 0, NOTE_DEBUG, 1) == 0);
    CHECK_FAILS(ENOENT, change(kq, 1, EVFILT_USER, EV_DELETE, 0, 0));
    CHECK(strncmp(told, "mine: kevent", 12) == 0 && strstr(told, "= -1 errno 2") != NULL);
    CHECK(set(kq, 0, NOTE_DEBUG, 0) == 0);
    told[0] = 0;
    CHECK(poll_queue(kq) == 0 && told[0] == 0);
}

static void queue_stays_in_a_child_without_cleanup(void)
{
    int status;
    int kq = kqueue();
    CHECK(set(kq, 0, NOTE_FORK_CLEANUP, 0) == 0);
    CHECK(change(kq, 1, EVFILT_USER, EV_ADD, 0, 0) == 0);
    pid_t child = fork();
    if (child == 0) {
        CHECK(change(kq, 1, EVFILT_USER, EV_DELETE, 0, 0) == 0);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(change(kq, 1, EVFILT_USER, EV_DELETE, 0, 0) == 0);
}

static void on_signal(int number)
{
    (void)number;
}

/* The child's own are counted, and the program's handler comes back when the last registration goes. */
static void signals_stay_in_a_child_without_cleanup(void)
{
    struct sigaction found;
    int status;
    int kq = kqueue();
    CHECK(signal(SIGUSR1, on_signal) != SIG_ERR);
    CHECK(set(kq, 0, NOTE_FORK_CLEANUP, 0) == 0);
    CHECK(change(kq, SIGUSR1, EVFILT_SIGNAL, EV_ADD, 0, 0) == 0);
    pid_t child = fork();
    if (child == 0) {
        int spare = dup(0);
        CHECK(raise(SIGUSR1) == 0 && next_event(kq) == 1 && last[0].ident == SIGUSR1 && last[0].data == 1);
        CHECK(change(kq, SIGUSR1, EVFILT_SIGNAL, EV_DELETE, 0, 0) == 0);
        CHECK(sigaction(SIGUSR1, NULL, &found) == 0 && found.sa_handler == on_signal);
        CHECK(fcntl(spare, F_GETFD) >= 0);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

RUN_BY_NAME(
    { "SignalsStayInAChildWithoutCleanup", signals_stay_in_a_child_without_cleanup },
    { "VersionIsTold", version_is_told },
    { "FormerValuesAreTold", former_values_are_told },
    { "SettingsAmongChanges", settings_among_changes },
    { "DebugFunctionIsCalled", debug_function_is_called },
    { "QueueStaysInAChildWithoutCleanup", queue_stays_in_a_child_without_cleanup })
