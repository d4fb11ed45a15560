/* What managed code and the C part give each other. None of it is exported. */
#ifndef KQS_MANAGED_H
#define KQS_MANAGED_H

#include <signal.h>

struct kevent;
struct timespec;

/* Exports.cs */
int kqs_create(int *number);
int kqs_kevent(int kq, int mark, const struct kevent *changes, int nchanges, struct kevent *events, int nevents,
    const struct timespec *timeout, int *error);
int kqs_look(int kq, int mark, int expected);
void kqs_drain(void);
void kqs_forked(void);

/* gate.c */
void gate_enter(void);
void gate_leave(void);
extern __thread const sigset_t *gate_sleep_mask;

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
