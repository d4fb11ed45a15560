/* What the test programs share: a check that tells all it knows when it fails, and the choice of a test by name. */
#ifndef CHECK_H
#define CHECK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/event.h>

static struct kevent last[64]; /* what a failed check prints the first of */
static const struct timespec zero = { 0, 0 };

#define CHECK(condition) do { \
    if (!(condition)) { \
        int error_ = errno; \
        fprintf(stderr, "%s:%d: %s\n  errno %d (%s)\n", __FILE__, __LINE__, #condition, error_, strerror(error_)); \
        fprintf(stderr, "  event: ident %lu filter %d flags 0x%x fflags 0x%x data %ld udata %p\n", (unsigned long)last[0].ident, \
            last[0].filter, last[0].flags, last[0].fflags, (long)last[0].data, last[0].udata); \
        _exit(1); \
    } \
} while (0)

#define CHECK_FAILS(expected, call) do { errno = 0; int result_ = (call); CHECK(result_ == -1); CHECK(errno == (expected)); } while (0)

struct test {
    const char *name;
    void (*run)(void);
};

#define RUN_BY_NAME(...) \
int main(int argc, char **argv) \
{ \
    static const struct test tests[] = { __VA_ARGS__ }; \
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) { \
        if (argc > 1 && strcmp(argv[1], tests[i].name) == 0) { \
            tests[i].run(); \
            return 0; \
        } \
    } \
    fprintf(stderr, "no such test\n"); \
    return 2; \
}

/* Not every program uses each of these. */
#define MAYBE_UNUSED __attribute__((unused))

MAYBE_UNUSED static int change(int kq, uintptr_t ident, int filter, int flags, unsigned fflags, intptr_t data)
{
    struct kevent c;
    EV_SET(&c, ident, filter, flags, fflags, data, NULL);
    return kevent(kq, &c, 1, NULL, 0, NULL);
}

MAYBE_UNUSED static int poll_queue(int kq)
{
    return kevent(kq, NULL, 0, last, 64, &zero);
}

/* Waits for one event, patiently. */
MAYBE_UNUSED static int next_event(int kq)
{
    struct timespec patience = { 60, 0 };
    return kevent(kq, NULL, 0, last, 1, &patience);
}

MAYBE_UNUSED static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

MAYBE_UNUSED static void pause_for(long milliseconds)
{
    struct timespec t = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
    while (nanosleep(&t, &t) != 0)
        ;
}

/* How often what is left to chance is tried: few times for a developer, many with KQ_THOROUGH. */
MAYBE_UNUSED static int rounds_of(int quick, int thorough)
{
    const char *asked = getenv("KQ_THOROUGH");
    return asked != NULL && *asked != '\0' && strcmp(asked, "0") != 0 ? thorough : quick;
}

/* Entries of a folder of /proc/self: open descriptors, threads. */
MAYBE_UNUSED static int count_entries(const char *folder)
{
    char path[64];
    int count = 0;
    snprintf(path, sizeof path, "/proc/self/%s", folder);
    DIR *entries = opendir(path);
    CHECK(entries != NULL);
    while (readdir(entries) != NULL)
        count++;
    closedir(entries);
    return count;
}

/* Memory that is really there, in kilobytes. */
MAYBE_UNUSED static long resident(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file != NULL && fscanf(file, "%*d %ld", &pages) == 1);
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

#endif
