/* kqueue(2) on Linux: link with -lkqueue. Values are FreeBSD's; a filter that is not served here is not defined. */
#ifndef _SYS_EVENT_H_
#define _SYS_EVENT_H_

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#define LIBKQUEUE 1

/* C99 with -pedantic has no struct timespec in <time.h>. */
#if !defined(__timespec_defined) && !defined(_STRUCT_TIMESPEC)
#define _STRUCT_TIMESPEC 1
struct timespec {
    time_t tv_sec;
    long tv_nsec;
};
#endif

struct kevent {
    uintptr_t ident;      /* what is watched: a descriptor, a process, a signal, or a number of the caller's */
    short filter;         /* EVFILT_ */
    unsigned short flags; /* EV_ */
    unsigned int fflags;  /* NOTE_ */
    intptr_t data;        /* the filter's; the errno of a record with EV_ERROR */
    void *udata;          /* the caller's, comes back with each event */
};

#define EV_SET(kevp, a, b, c, d, e, f) do { \
    struct kevent *libkqueue_kev_ = (kevp); \
    libkqueue_kev_->ident = (uintptr_t)(a); \
    libkqueue_kev_->filter = (short)(b); \
    libkqueue_kev_->flags = (unsigned short)(c); \
    libkqueue_kev_->fflags = (unsigned int)(d); \
    libkqueue_kev_->data = (intptr_t)(e); \
    libkqueue_kev_->udata = (void *)(f); \
} while (0)

/* Filters */
#define EVFILT_READ      (-1)  /* descriptors: bytes to read */
#define EVFILT_WRITE     (-2)  /* descriptors: room to write */
#define EVFILT_VNODE     (-4)  /* files */
#define EVFILT_PROC      (-5)  /* processes by number */
#define EVFILT_SIGNAL    (-6)  /* signals */
#define EVFILT_TIMER     (-7)  /* timers */
#define EVFILT_PROCDESC  (-8)  /* processes by pidfd */
#define EVFILT_FS        (-9)  /* mounts */
#define EVFILT_USER      (-11) /* the program's own events */
#define EVFILT_LIBKQUEUE (-12) /* this library */
#define EVFILT_EMPTY     (-13) /* descriptors: everything written has left */
#define EVFILT_SYSCOUNT  15

/* Actions */
#define EV_ADD          0x0001
#define EV_DELETE       0x0002
#define EV_ENABLE       0x0004
#define EV_DISABLE      0x0008
#define EV_FORCEONESHOT 0x0100
#define EV_KEEPUDATA    0x0200

/* Flags */
#define EV_ONESHOT  0x0010
#define EV_CLEAR    0x0020
#define EV_RECEIPT  0x0040
#define EV_DISPATCH 0x0080
#define EV_SYSFLAGS 0xF000
#define EV_DROP     0x1000
#define EV_FLAG1    0x2000
#define EV_FLAG2    0x4000

/* Returned */
#define EV_ERROR 0x4000
#define EV_EOF   0x8000

/* EVFILT_READ, EVFILT_WRITE */
#define NOTE_LOWAT     0x00000001
#define NOTE_FILE_POLL 0x00000002

/* EVFILT_USER */
#define NOTE_FFNOP      0x00000000U
#define NOTE_FFAND      0x40000000U
#define NOTE_FFOR       0x80000000U
#define NOTE_FFCOPY     0xc0000000U
#define NOTE_FFCTRLMASK 0xc0000000U
#define NOTE_FFLAGSMASK 0x00ffffffU
#define NOTE_TRIGGER    0x01000000U

/* EVFILT_VNODE */
#define NOTE_DELETE      0x0001
#define NOTE_WRITE       0x0002
#define NOTE_EXTEND      0x0004
#define NOTE_ATTRIB      0x0008
#define NOTE_LINK        0x0010
#define NOTE_RENAME      0x0020
#define NOTE_REVOKE      0x0040
#define NOTE_OPEN        0x0080
#define NOTE_CLOSE       0x0100
#define NOTE_CLOSE_WRITE 0x0200
#define NOTE_READ        0x0400

/* EVFILT_PROC, EVFILT_PROCDESC */
#define NOTE_EXIT      0x80000000U
#define NOTE_FORK      0x40000000U
#define NOTE_EXEC      0x20000000U
#define NOTE_TRACK     0x00000001U
#define NOTE_TRACKERR  0x00000002U
#define NOTE_CHILD     0x00000004U
#define NOTE_PCTRLMASK 0xf0000000U
#define NOTE_PDATAMASK 0x000fffffU

/* EVFILT_JAIL, EVFILT_JAILDESC: no such filters here */
#define NOTE_JAIL_CHILD    0x80000000U
#define NOTE_JAIL_SET      0x40000000U
#define NOTE_JAIL_ATTACH   0x20000000U
#define NOTE_JAIL_REMOVE   0x10000000U
#define NOTE_JAIL_MULTI    0x08000000U
#define NOTE_JAIL_CTRLMASK 0xf0000000U

/* EVFILT_TIMER; milliseconds without any */
#define NOTE_SECONDS  0x00000001
#define NOTE_MSECONDS 0x00000002
#define NOTE_USECONDS 0x00000004
#define NOTE_NSECONDS 0x00000008
#define NOTE_ABSTIME  0x00000010

/* EVFILT_FS */
#define VQ_NOTRESP     0x0001
#define VQ_NEEDAUTH    0x0002
#define VQ_LOWDISK     0x0004
#define VQ_MOUNT       0x0008
#define VQ_UNMOUNT     0x0010
#define VQ_DEAD        0x0020
#define VQ_ASSIST      0x0040
#define VQ_NOTRESPLOCK 0x0080

/* EVFILT_LIBKQUEUE: one of them, with EV_ADD; the answer is a record in the eventlist */
#define NOTE_VERSION            0x0001 /* data: MMmmpprr */
#define NOTE_VERSION_STR        0x0002 /* udata: a string that stays */
#define NOTE_THREAD_SAFE        0x0003
#define NOTE_FORK_CLEANUP       0x0004
#define NOTE_DEBUG              0x0005
#define NOTE_DEBUG_PREFIX       0x0006
#define NOTE_DEBUG_FUNC         0x0007
#define NOTE_FILE_POLL_INTERVAL 0x0008 /* data: nanoseconds */

/* kqueuex() */
#define KQUEUE_CLOEXEC  0x00000001U
#define KQUEUE_CPONFORK 0x00000002U

#ifdef __cplusplus
extern "C" {
#endif

int kqueue(void);
int kqueue1(int flags);
int kqueuex(unsigned int flags);
int kevent(int kq, const struct kevent *changelist, int nchanges, struct kevent *eventlist, int nevents,
    const struct timespec *timeout);

/* Frees now what queues that were closed have left; otherwise the next call that creates or waits does. */
void libkqueue_drain_pending_close(void);

#ifdef __cplusplus
}
#endif

#endif
