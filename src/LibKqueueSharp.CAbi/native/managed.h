/* What managed code and the C part give each other. None of it is exported. */
#ifndef KQS_MANAGED_H
#define KQS_MANAGED_H

#include <stdint.h>

struct kevent;
struct timespec;

/* A wait between its beginning and its end; Exports.cs has the same. */
struct wait {
    void *queue;         /* managed code's */
    int64_t leader;      /* managed code's */
    int64_t nanoseconds; /* how long to sleep at most */
    int set;             /* the epoll set to sleep in */
    int most;            /* how many events to ask it for */
};

/* Before the events, for managed code. */
#define WAIT_HEADER 16

/* Exports.cs */
int kqs_create(int *number);
int kqs_kevent(int kq, int mark, const struct kevent *changes, int nchanges, struct kevent *events, int nevents,
    const struct timespec *timeout, int *error);
int kqs_wait_begin(struct wait *wait, int kq, int mark, int nevents, int *error);
int kqs_wait_ready(struct wait *wait, void *room, struct kevent *events, int nevents, int64_t nanoseconds, int *error);
int kqs_wait_awake(struct wait *wait, const void *room, int entries, struct kevent *events, int nevents, int *error);
void kqs_wait_look(struct wait *wait, int kq, int is_gone);
void kqs_wait_end(struct wait *wait);
void kqs_drain(void);
int kqs_is_queue(int number, int mark);
int kqs_forked(void);

/* gate.c */
void kqs_close_queues(void);

/* wait.c */
int wait_for_events(int kq, int mark, struct kevent *events, int nevents, const struct timespec *timeout, int cancel_state, int *error);
void fill_with_usual_signals(void *set);

/* signals.c */
int kqs_signal_watch(int number, int *bell_fd, int *inbox_fd);
int kqs_signal_refresh(int number);
void kqs_signal_unwatch(int number);
long kqs_signal_count(int number);
void kqs_signal_take(void);
void kqs_signals_forked(void);

/* debug.c */
typedef void (*debug_function)(const char *format, ...);
extern _Atomic int kqs_debug_is_on;
const char *kqs_version_string(void);
int kqs_version(void);
void kqs_debug_start(void);
int kqs_debug(int is_on);
void kqs_debug_prefix(const char *text);
void kqs_debug_function(debug_function given);
void kqs_debug_call(const char *call, int kq, int nchanges, int nevents, int result, int error);

#endif
