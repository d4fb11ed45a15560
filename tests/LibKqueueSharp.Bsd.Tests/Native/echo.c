/*
 * An echo kqueue: kevent() keeps what it was given, and gives back what it was told to give back. The struct is that of the
 * system whose name is defined; everything else goes through functions with one integer a field.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <fcntl.h>

#if defined(FREEBSD)
struct kevent { uintptr_t ident; short filter; unsigned short flags; unsigned int fflags; int64_t data; void *udata; uint64_t ext[4]; };
#define COUNT int
#elif defined(NETBSD)
struct kevent { uintptr_t ident; uint32_t filter; uint32_t flags; uint32_t fflags; int64_t data; void *udata; };
#define COUNT size_t
#elif defined(MACOS)
#pragma pack(4)
struct kevent { uintptr_t ident; int16_t filter; uint16_t flags; uint32_t fflags; intptr_t data; void *udata; };
#pragma pack()
#define COUNT int
#else
struct kevent { uintptr_t ident; short filter; unsigned short flags; unsigned int fflags; intptr_t data; void *udata; };
#define COUNT int
#endif

#define ROOM 512

static struct kevent given[ROOM], answer[ROOM];
static const void *given_at;
static long given_count, given_room, answer_count, calls, fails_with;
static struct timespec given_timeout;
static int had_timeout, echoes;

int kqueue(void)
{
    return open("/dev/null", O_RDWR);
}

static int echo(const struct kevent *changes, COUNT nchanges, struct kevent *events, COUNT nevents, const struct timespec *timeout)
{
    long i, n;

    calls++;
    given_at = changes;
    given_count = (long)nchanges;
    given_room = (long)nevents;
    for (i = 0; i < given_count && i < ROOM; i++)
        given[i] = changes[i];
    had_timeout = timeout != NULL;
    if (timeout != NULL)
        given_timeout = *timeout;
    if (fails_with != 0) {
        errno = (int)fails_with;
        return -1;
    }
    n = echoes ? given_count : answer_count;
    if (n > given_room)
        n = given_room;
    for (i = 0; i < n; i++)
        events[i] = echoes ? given[i] : answer[i];
    return (int)n;
}

#if defined(NETBSD)
int __kevent50(int kq, const struct kevent *c, COUNT nc, struct kevent *e, COUNT ne, const struct timespec *t)
#else
int kevent(int kq, const struct kevent *c, COUNT nc, struct kevent *e, COUNT ne, const struct timespec *t)
#endif
{
    (void)kq;
    return echo(c, nc, e, ne, t);
}

long echo_size(void) { return sizeof(struct kevent); }
void echo_reset(int echo_back) { echoes = echo_back; answer_count = 0; fails_with = 0; calls = 0; memset(given, 0xee, sizeof given); }
void echo_fail(long error) { fails_with = error; }
long echo_changes_at(void) { return (long)given_at; }
long echo_calls(void) { return calls; }
long echo_given(void) { return given_count; }
long echo_room(void) { return given_room; }
long echo_timeout(int nanoseconds) { return !had_timeout ? -1 : nanoseconds ? given_timeout.tv_nsec : given_timeout.tv_sec; }

/* field: 0 ident, 1 filter, 2 flags, 3 fflags, 4 data, 5 udata, 6 to 9 ext. */
long echo_field(int index, int field)
{
    const struct kevent *k = &given[index];

    switch (field) {
    case 0: return (long)k->ident;
    case 1: return (long)k->filter;
    case 2: return (long)k->flags;
    case 3: return (long)k->fflags;
    case 4: return (long)k->data;
    case 5: return (long)k->udata;
    }
#if defined(FREEBSD)
    return (long)k->ext[field - 6];
#else
    return 0;
#endif
}

void echo_answer(long ident, long filter, long flags, long fflags, long data, long udata)
{
    struct kevent *k = &answer[answer_count++];

    memset(k, 0xaa, sizeof *k);
    k->ident = (uintptr_t)ident;
#if defined(NETBSD)
    k->filter = (uint32_t)filter;
    k->flags = (uint32_t)flags;
#else
    k->filter = (short)filter;
    k->flags = (unsigned short)flags;
#endif
    k->fflags = (unsigned int)fflags;
    k->data = data;
    k->udata = (void *)udata;
}

/* The child of echo_child is a child of this process; nobody else is. */
static long child;
void echo_child(long pid) { child = pid; }
int waitid(int type, int id, void *info, int options)
{
    memset(info, 0, 104);
    (void)options;
    if (type == 1 && id == child)
        return 0;
    errno = 10;
    return -1;
}

#if defined(FREEBSD)
/* aio(4) that submits nothing: the control block is kept to be looked at, and ends as it is told. */
struct sigevent_of_freebsd {
    int sigev_notify;
    int sigev_signo;
    union { int sival_int; void *sival_ptr; } sigev_value;
    union {
        int32_t threadid;
        struct { void (*function)(void *); void *attribute; } thread;
        unsigned short kevent_flags;
        long spare[8];
    } un;
};
struct aiocb {
    int aio_fildes;
    int64_t aio_offset;
    volatile void *aio_buf;
    size_t aio_nbytes;
    int spare[2];
    void *spare2;
    int aio_lio_opcode;
    int aio_reqprio;
    struct { long status; long error; void *kernelinfo; } private;
    struct sigevent_of_freebsd aio_sigevent;
};

static struct aiocb *submitted;
static long aio_call, aio_told, list_count;
static struct sigevent_of_freebsd list_event;
static void *list_at;

void echo_aio_end(long error) { aio_told = error; }
int aio_read(struct aiocb *cb) { aio_call = 1; submitted = cb; return 0; }
int aio_write(struct aiocb *cb) { aio_call = 2; submitted = cb; return 0; }
int aio_fsync(int op, struct aiocb *cb) { aio_call = op; submitted = cb; return 0; }
int aio_error(const struct aiocb *cb) { return cb == submitted ? (int)aio_told : 22; }
long aio_return(struct aiocb *cb)
{
    if (cb != submitted || aio_told != 0) {
        errno = cb != submitted ? 22 : (int)aio_told;
        return -1;
    }
    return (long)cb->aio_nbytes;
}
int aio_cancel(int fd, struct aiocb *cb) { return fd == cb->aio_fildes ? 2 : 3; }
int lio_listio(int mode, struct aiocb *const list[], int count, struct sigevent_of_freebsd *event)
{
    aio_call = mode;
    submitted = list[0];
    list_count = count;
    list_event = *event;
    list_at = (void *)list;
    return 0;
}

/* field: 0 size, 1 call, 2 address, 3 file, 4 offset, 5 bytes, 6 operation, 7 notify, 8 queue, 9 value, 10 flags; 20 to 24 of the list. */
long echo_aio(int field)
{
    switch (field) {
    case 0: return (long)sizeof(struct aiocb);
    case 1: return aio_call;
    case 2: return (long)submitted;
    case 3: return submitted->aio_fildes;
    case 4: return submitted->aio_offset;
    case 5: return (long)submitted->aio_nbytes;
    case 6: return submitted->aio_lio_opcode;
    case 7: return submitted->aio_sigevent.sigev_notify;
    case 8: return submitted->aio_sigevent.sigev_signo;
    case 9: return (long)submitted->aio_sigevent.sigev_value.sival_ptr;
    case 10: return submitted->aio_sigevent.un.kevent_flags;
    case 20: return list_count;
    case 21: return list_event.sigev_notify;
    case 22: return list_event.sigev_signo;
    case 23: return (long)list_event.sigev_value.sival_ptr;
    case 24: return (long)list_at;
    }
    return -1;
}
#endif
