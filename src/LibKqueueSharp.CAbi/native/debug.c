/* EVFILT_LIBKQUEUE: the version, and messages about each call. */
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "managed.h"

#define LONGEST_PREFIX 64

atomic_int kqs_debug_is_on;

static char prefix[LONGEST_PREFIX] = "KQ";
static _Atomic(debug_function) function;

const char *kqs_version_string(void)
{
    return "LibKqueueSharp " KQS_VERSION;
}

/* MMmmpprr */
int kqs_version(void)
{
    int major = 0, minor = 0, patch = 0;
    sscanf(KQS_VERSION, "%d.%d.%d", &major, &minor, &patch);
    return major << 24 | minor << 16 | patch << 8;
}

/* KQUEUE_DEBUG is in the environment. */
void kqs_debug_start(void)
{
    const char *value = getenv("KQUEUE_DEBUG");
    if (value != NULL && strcmp(value, "0") != 0)
        atomic_store(&kqs_debug_is_on, 1);
}

int kqs_debug(int is_on)
{
    return atomic_exchange(&kqs_debug_is_on, is_on);
}

void kqs_debug_prefix(const char *text)
{
    snprintf(prefix, sizeof prefix, "%s", text);
}

void kqs_debug_function(debug_function given)
{
    atomic_store(&function, given);
}

void kqs_debug_call(const char *call, int kq, int nchanges, int nevents, int result, int error)
{
    char line[160];
    debug_function given = atomic_load(&function);
    snprintf(line, sizeof line, "%s: %s kq %d changes %d events %d = %d errno %d", prefix, call, kq, nchanges, nevents, result,
        result < 0 ? error : 0);
    if (given != NULL)
        given("%s", line);
    else
        fprintf(stderr, "%s\n", line);
}
