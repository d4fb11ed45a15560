/* errno and bad arguments. */
#include "check.h"

#define LOW ((struct kevent *)16)

static void errno_is_left_alone(void)
{
    errno = 77;
    int kq = kqueue();
    CHECK(kq >= 0);
    CHECK(errno == 77);
    CHECK(change(kq, 1, EVFILT_USER, EV_ADD, 0, 0) == 0);
    CHECK(errno == 77);
    CHECK(poll_queue(kq) == 0);
    CHECK(errno == 77);
    CHECK(change(kq, 1, EVFILT_USER, 0, NOTE_TRIGGER, 0) == 0);
    CHECK(next_event(kq) == 1);
    CHECK(errno == 77);
    libkqueue_drain_pending_close();
    CHECK(errno == 77);
}

static void bad_pointers_are_efault(void)
{
    int kq = kqueue();
    struct kevent add;
    EV_SET(&add, 1, EVFILT_USER, EV_ADD, 0, 0, NULL);
    CHECK_FAILS(EFAULT, kevent(kq, NULL, 1, NULL, 0, NULL));
    CHECK_FAILS(EFAULT, kevent(kq, LOW, 1, NULL, 0, NULL));
    CHECK_FAILS(EFAULT, kevent(kq, NULL, 0, NULL, 1, &zero));
    CHECK_FAILS(EFAULT, kevent(kq, &add, 1, LOW, 1, &zero));
    CHECK_FAILS(EFAULT, kevent(kq, &add, 1, NULL, 0, (const struct timespec *)LOW));
    CHECK_FAILS(ENOENT, change(kq, 1, EVFILT_USER, EV_DELETE, 0, 0));

    /* CALL-PTR-002: before anything else. CALL-NCH-001: without changes the pointer does not matter. */
    CHECK_FAILS(EFAULT, kevent(-1, NULL, 0, NULL, 0, (const struct timespec *)LOW));
    CHECK(kevent(kq, LOW, 0, LOW, 0, NULL) == 0);
}

static void bad_counts_are_einval(void)
{
    int kq = kqueue();
    struct kevent add;
    EV_SET(&add, 1, EVFILT_USER, EV_ADD, 0, 0, NULL);
    CHECK_FAILS(EINVAL, kevent(kq, &add, -1, NULL, 0, NULL));
    CHECK_FAILS(ENOENT, change(kq, 1, EVFILT_USER, EV_DELETE, 0, 0));

    /* CALL-NEV-004: after the changes were applied. */
    CHECK_FAILS(EINVAL, kevent(kq, &add, 1, last, -1, NULL));
    CHECK(change(kq, 1, EVFILT_USER, EV_DELETE, 0, 0) == 0);
}

static void bad_timeouts_are_einval(void)
{
    int kq = kqueue();
    struct timespec bad[] = { { 0, -1 }, { 0, 1000000000 }, { -1, 0 } };
    for (int i = 0; i < 3; i++)
        CHECK_FAILS(EINVAL, kevent(kq, NULL, 0, last, 1, &bad[i]));

    /* CALL-TMO-008 */
    CHECK(kevent(kq, NULL, 0, last, 0, &bad[0]) == 0);
}

static void what_is_no_queue_is_ebadf(void)
{
    int kq = kqueue();
    int ends[2];
    int file = open("/dev/null", O_RDONLY);
    CHECK(pipe(ends) == 0);
    CHECK_FAILS(EBADF, poll_queue(-1));
    CHECK_FAILS(EBADF, poll_queue(ends[0]));
    CHECK_FAILS(EBADF, poll_queue(file));
    CHECK_FAILS(EBADF, poll_queue(100000));
    CHECK(close(kq) == 0);
    CHECK_FAILS(EBADF, poll_queue(kq));
    CHECK_FAILS(EBADF, change(kq, 1, EVFILT_USER, EV_ADD, 0, 0));
}

static void errors_of_changes(void)
{
    int kq = kqueue();
    struct kevent two[2];
    CHECK_FAILS(ENOENT, change(kq, 1, EVFILT_USER, EV_DELETE, 0, 0));
    CHECK_FAILS(EBADF, change(kq, 9999, EVFILT_READ, EV_ADD, 0, 0));
    CHECK_FAILS(EINVAL, change(kq, 1, -99, EV_ADD, 0, 0));

    /* CALL-ERR-007: records end the call, and a change after the failed one is applied. */
    EV_SET(&two[0], 9999, EVFILT_READ, EV_ADD, 0, 0, (void *)7);
    EV_SET(&two[1], 1, EVFILT_USER, EV_ADD, 0, 0, NULL);
    CHECK(kevent(kq, two, 2, last, 8, NULL) == 1);
    CHECK(last[0].flags & EV_ERROR);
    CHECK(last[0].data == EBADF && last[0].ident == 9999 && last[0].udata == (void *)7);
    CHECK(change(kq, 1, EVFILT_USER, EV_DELETE, 0, 0) == 0);
}

/* CALL-ALIAS-001; and records that are ahead of the changes, which the kernel has copied in by then. */
static void overlapping_arrays(void)
{
    struct kevent e[9];
    for (int shift = 0; shift <= 1; shift++) {
        int kq = kqueue();
        for (int i = 0; i < 8; i++)
            EV_SET(&e[i], (uintptr_t)i, EVFILT_USER, EV_ADD | EV_RECEIPT, 0, 0, e + i);
        CHECK(kevent(kq, e, 8, e + shift, 8, NULL) == 8);
        for (int i = 0; i < 8; i++) {
            last[0] = e[i + shift];
            CHECK(last[0].ident == (uintptr_t)i && (last[0].flags & EV_ERROR) && last[0].data == 0 && last[0].udata == e + i);
        }
    }
}

static void flags_of_the_newer_calls(void)
{
    int kq = kqueue1(O_CLOEXEC);
    CHECK(kq >= 0 && (fcntl(kq, F_GETFD) & FD_CLOEXEC));
    kq = kqueuex(KQUEUE_CLOEXEC);
    CHECK(kq >= 0 && (fcntl(kq, F_GETFD) & FD_CLOEXEC));
    CHECK(kqueuex(0) >= 0 && kqueue1(0) >= 0);
    CHECK_FAILS(EINVAL, kqueuex(KQUEUE_CPONFORK));
    CHECK_FAILS(EINVAL, kqueue1(O_APPEND));
    CHECK(fcntl(kq, F_SETFD, 0) == 0 && fcntl(kq, F_GETFD) == 0 && poll_queue(kq) == 0);
}

RUN_BY_NAME(
    { "ErrnoIsLeftAlone", errno_is_left_alone },
    { "BadPointersAreEfault", bad_pointers_are_efault },
    { "BadCountsAreEinval", bad_counts_are_einval },
    { "BadTimeoutsAreEinval", bad_timeouts_are_einval },
    { "WhatIsNoQueueIsEbadf", what_is_no_queue_is_ebadf },
    { "ErrorsOfChanges", errors_of_changes },
    { "OverlappingArrays", overlapping_arrays },
    { "FlagsOfTheNewerCalls", flags_of_the_newer_calls })
