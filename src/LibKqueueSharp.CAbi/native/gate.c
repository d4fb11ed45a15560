/*
 * fork(2). Managed code works in a child as long as no other thread was in it at the fork: one that sleeps in a system call does not
 * count, since it holds no lock and the collector need not stop it. So every entry passes this gate, those of the runtime's own thread and of threads that
 * end as well, and a fork closes it and waits until the others are out.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <asm/prctl.h>
#endif

#include "gate.h"
#include "managed.h"

/* How many are looked at one by one. */
#define MOST_NUMBERS 65536

/* Address space in bytes. With less than some 80 MB the runtime crashed at its start or later, at times (RLIMIT_AS). */
#define LEAST_ROOM ((size_t)128 << 20)

static _Atomic(struct visitor *) visitors;
static atomic_int closed;

/* Signal handlers that have interrupted managed code and fork. Other forks let them go first, since they wait for what was interrupted. */
static atomic_int urgent;

/* How long such a fork waits for the other threads, in nanoseconds: they may be waiting for a lock that the interrupted call holds. */
#define PATIENCE INT64_C(50000000)

/* The fork at hand has the gate; it was made while others were inside. Of a thread that forks. */
static __thread int has_gate __attribute__((tls_model("initial-exec")));
static __thread int is_torn __attribute__((tls_model("initial-exec")));

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
__thread struct visitor *gate_self __attribute__((tls_model("initial-exec")));

/* What a thread is that has ended for the runtime: for ever inside. */
static struct visitor ended = { .inside = 1, .taken = 1, .has_ended = 1 };

/* The runtime's own thread, once it has made itself known. */
extern void *volatile g_pFinalizerThread;

/* What the runtime knows of a thread. */
extern __thread char tls_CurrentThread[];

/* The linker sends the runtime's callers here (--wrap). */
void __real__Z21RuntimeThreadShutdownPv(void *thread);
void __wrap__Z21RuntimeThreadShutdownPv(void *thread);
void __real_ProcessFinalizers(void);
void __wrap_ProcessFinalizers(void);
uint32_t __real_RhpWaitForFinalizerRequest(void);
uint32_t __wrap_RhpWaitForFinalizerRequest(void);
void __real_RhSetRuntimeInitializationCallback(int (*callback)(void));
void __wrap_RhSetRuntimeInitializationCallback(int (*callback)(void));
FILE *__real_fopen64(const char *path, const char *mode);
FILE *__wrap_fopen64(const char *path, const char *mode);
int __real_pthread_kill(pthread_t thread, int number);
int __wrap_pthread_kill(pthread_t thread, int number);
void (*__real_signal(int number, void (*handler)(int)))(int);
void (*__wrap_signal(int number, void (*handler)(int)))(int);

static void end_for_runtime(void *thread)
{
    gate_enter();
    __real__Z21RuntimeThreadShutdownPv(thread);
    gate_self->of_runtime = NULL;
    gate_leave();
}

/*
 * The runtime's part of a thread's end, a destructor of thread-specific data. It waits for the next round, so that destructors of the program's
 * may call the library.
 */
void __wrap__Z21RuntimeThreadShutdownPv(void *thread)
{
    if (gate_self == NULL || gate_self->rounds > 1) {
        end_for_runtime(thread);
        return;
    }
    gate_self->thread = thread;
    pthread_setspecific(key, gate_self);
}

static void give_back(void *value)
{
    struct visitor *v = value;
    if (++v->rounds == 1 && v->thread == NULL) {
        pthread_setspecific(key, v);
        return;
    }
    if (v->thread != NULL)
        end_for_runtime(v->thread);
    gate_self = v->thread != NULL ? &ended : NULL;
    v->thread = NULL;
    v->of_runtime = NULL;
    v->rounds = 0;
    atomic_store(&v->taken, 0);
}

/* The runtime's own thread is in managed code between two of its waits. */
void __wrap_ProcessFinalizers(void)
{
    gate_enter();
    __real_ProcessFinalizers();
}

uint32_t __wrap_RhpWaitForFinalizerRequest(void)
{
    gate_leave();
    uint32_t result = __real_RhpWaitForFinalizerRequest();
    gate_enter();
    return result;
}

/* The collector looks into /proc, and another thread of the program's may be in posix_spawn(3). */
FILE *__wrap_fopen64(const char *path, const char *mode)
{
    return __real_fopen64(path, strcmp(mode, "r") == 0 ? "re" : mode);
}

static int (*start_runtime)(void);

static int is_started_already(void)
{
    return 0;
}

/* Called when the library is loaded. The runtime would start itself at the first entry, and end the process if it cannot. */
void __wrap_RhSetRuntimeInitializationCallback(int (*callback)(void))
{
    start_runtime = callback;
    __real_RhSetRuntimeInitializationCallback(is_started_already);
}

static int is_there_room(void)
{
    void *room = mmap(NULL, LEAST_ROOM, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return room != MAP_FAILED && munmap(room, LEAST_ROOM) == 0;
}

/* SIGRTMIN's as the runtime has set it, and whether the program had a handler before, which the runtime's calls each time. */
static struct sigaction stopper;
static int has_handler_behind;

static int is_handler(const struct sigaction *action)
{
    return (action->sa_flags & SA_SIGINFO) || (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN);
}

static void start_once(void)
{
    struct sigaction before;
    has_handler_behind = sigaction(SIGRTMIN, NULL, &before) == 0 && is_handler(&before);
    if (!is_there_room() || start_runtime() != 0 || sigaction(SIGRTMIN, NULL, &stopper) != 0)
        atomic_store(&kqs_refusal, ENOMEM);
}

/*
 * The collector stops a thread with SIGRTMIN. Not if a handler of the program's would run, or the default action would end the process: then the
 * thread stops by itself where it leaves managed code or calls, which is soon.
 */
int __wrap_pthread_kill(pthread_t thread, int number)
{
    struct sigaction found;
    if (number == SIGRTMIN && (has_handler_behind || sigaction(number, NULL, &found) != 0 || found.sa_sigaction != stopper.sa_sigaction))
        return EAGAIN;
    return __real_pthread_kill(thread, number);
}

void gate_start_runtime(void)
{
    static pthread_once_t start = PTHREAD_ONCE_INIT;
    pthread_once(&start, start_once);
}

/* The runtime would ignore SIGPIPE for the whole program. */
void (*__wrap_signal(int number, void (*handler)(int)))(int)
{
    return number == SIGPIPE ? SIG_DFL : __real_signal(number, handler);
}

static int is_over(int64_t deadline)
{
    if (deadline == INT64_MAX ? atomic_load(&urgent) != 0 : gate_now() > deadline)
        return 1;
    sched_yield();
    return 0;
}

static void give_gate_back(void)
{
    if (has_gate)
        atomic_store(&closed, 0);
    has_gate = 0;
}

static int take_gate(int64_t deadline)
{
    for (int expected = 0; !atomic_compare_exchange_weak(&closed, &expected, 1); expected = 0) {
        if (is_over(deadline))
            return 0;
    }
    return 1;
}

static int all_are_out(int64_t deadline)
{
    for (struct visitor *v = atomic_load(&visitors); v != NULL; v = v->next) {
        while (v != gate_self && atomic_load(&v->inside)) {
            if (is_over(deadline))
                return 0;
        }
    }
    while (atomic_load(&kqs_is_started) && g_pFinalizerThread == NULL)
        sched_yield();
    return 1;
}

static void close_gate(void)
{
    int64_t deadline = INT64_MAX;
    if (gate_is_inside()) {
        deadline = gate_now() + PATIENCE;
        atomic_fetch_add(&urgent, 1);
    }
    for (;;) {
        has_gate = take_gate(deadline);
        is_torn = !has_gate || !all_are_out(deadline);
        if (!is_torn || deadline != INT64_MAX)
            return;
        give_gate_back();
        while (atomic_load(&urgent) != 0)
            sched_yield();
    }
}

static void open_gate(void)
{
    give_gate_back();
    if (gate_is_inside())
        atomic_fetch_sub(&urgent, 1);
}

static void close_queue(int number)
{
    int mark = fcntl(number, F_GETSIG);
    if (mark > 0 && kqs_is_queue(number, mark))
        close(number);
}

/* Without /proc, as in a chroot(2), or without a number to read it by. */
static void close_low_queues(void)
{
    long limit = sysconf(_SC_OPEN_MAX);
    for (int number = 0; number < (limit < MOST_NUMBERS ? limit : MOST_NUMBERS); number++)
        close_queue(number);
}

/*
 * KQ-FORK-001: a child has none of the parent's queues, not even by duplicates that no call has seen. Called by managed code in the child; some 500 ns for each
 * open descriptor.
 */
void kqs_close_queues(void)
{
    DIR *numbers = opendir("/proc/self/fd");
    struct dirent *entry;
    if (numbers == NULL) {
        close_low_queues();
        return;
    }
    while ((entry = readdir(numbers)) != NULL) {
        if (entry->d_name[0] != '.')
            close_queue(atoi(entry->d_name));
    }
    closedir(numbers);
}

#if defined(__x86_64__)
static void *thread_pointer(void)
{
    void *own;
    __asm__ volatile("mov %%fs:0, %0" : "=r"(own));
    return own;
}

/* No errno here: it is where the pointer points. */
static void set_thread_pointer(void *to)
{
    long result = SYS_arch_prctl;
    __asm__ volatile("syscall" : "+a"(result) : "D"((long)ARCH_SET_FS), "S"(to) : "rcx", "r11", "memory");
}
#elif defined(__aarch64__)
static void *thread_pointer(void)
{
    void *own;
    __asm__ volatile("mrs %0, tpidr_el0" : "=r"(own));
    return own;
}

static void set_thread_pointer(void *to)
{
    __asm__ volatile("msr tpidr_el0, %0" : : "r"(to) : "memory");
}
#else
#error "how a thread finds its own data is not known"
#endif

/* Nothing of the thread's own is used in here, so the compiler cannot keep an address of it. */
__attribute__((noinline)) static void end_at(void *pointer, void *thread)
{
    void *own = thread_pointer();
    set_thread_pointer(pointer);
    __real__Z21RuntimeThreadShutdownPv(thread);
    set_thread_pointer(own);
}

/* The library's data of a thread is at the same distance from its pointer in each (initial-exec). */
static void end_in_the_name_of(char *thread)
{
    end_at((char *)thread_pointer() + (thread - tls_CurrentThread), thread);
}

/*
 * In a child the runtime's list still has the parent's threads. What it knows of each lies with the thread's stack, which the C library gives to the next thread
 * of the child: the list would then go in a circle. So each of them ends for the runtime, in a disguise, as it would have by itself. Their memory is there until
 * a thread is made. No signal handler may run in the disguise, so all signals wait.
 */
static void end_threads_of_the_parent(void)
{
    /* The runtime's own thread, which may not have come in yet. */
    static int is_finalizer_gone;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (struct visitor *v = atomic_load(&visitors); v != NULL; v = v->next) {
        if (!v->is_gone)
            continue;
        is_finalizer_gone |= v->of_runtime == g_pFinalizerThread;
        if (v->of_runtime != NULL && v->of_runtime != tls_CurrentThread)
            end_in_the_name_of(v->of_runtime);
        v->of_runtime = NULL;
        v->is_gone = 0;
        atomic_store(&v->taken, 0);
    }
    if (!is_finalizer_gone)
        end_in_the_name_of(g_pFinalizerThread);
    is_finalizer_gone = 1;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void gate_forked(void)
{
    if (!atomic_load(&kqs_is_started))
        return;
    gate_enter();
    end_threads_of_the_parent();
    if (kqs_forked())
        kqs_signals_forked();
    gate_leave();
}

/* The threads of the parent do not exist here. */
static void start_over(void)
{
    for (struct visitor *v = atomic_load(&visitors); v != NULL; v = v->next) {
        if (v != gate_self) {
            atomic_store(&v->inside, 0);
            v->is_gone = atomic_load(&v->taken);
            v->thread = NULL;
            v->rounds = 0;
            v->is_late = 0;
            v->late_head = atomic_load(&v->late_tail);
        }
    }
    atomic_store(&closed, 0);
    atomic_store(&urgent, 0);
    if (is_torn) {
        /* Locks may be held for ever. */
        atomic_store(&kqs_refusal, EDEADLK);
        atomic_store(&kqs_is_started, 0);
    } else if (!gate_is_inside())
        gate_forked();
    else
        gate_self->late_fork = gate_self->is_late = 1;
}

static void prepare(void)
{
    pthread_key_create(&key, give_back);
    pthread_atfork(close_gate, open_gate, start_over);
}

/* A signal handler that comes in between may call as well, and takes the place of its thread then. */
static void take_place(void)
{
    struct visitor *none = NULL;
    struct visitor *v;
    pthread_once(&once, prepare);
    for (v = atomic_load(&visitors); v != NULL; v = v->next) {
        int free = 0;
        if (atomic_compare_exchange_strong(&v->taken, &free, 1))
            break;
    }
    if (v == NULL) {
        v = calloc(1, sizeof *v);
        if (v == NULL)
            abort();
        atomic_store(&v->taken, 1);
        struct visitor *first = atomic_load(&visitors);
        do
            v->next = first;
        while (!atomic_compare_exchange_weak(&visitors, &first, v));
    }
    v->of_runtime = tls_CurrentThread;
    if (__atomic_compare_exchange_n(&gate_self, &none, v, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
        pthread_setspecific(key, v);
        return;
    }
    v->of_runtime = NULL;
    atomic_store(&v->taken, 0);
}

void gate_enter(void)
{
    if (gate_self == NULL)
        take_place();
    atomic_store(&gate_self->inside, 1);
    while (atomic_load_explicit(&closed, memory_order_seq_cst)) {
        atomic_store(&gate_self->inside, 0);
        while (atomic_load(&closed))
            sched_yield();
        atomic_store(&gate_self->inside, 1);
    }
}

void gate_leave(void)
{
    atomic_store_explicit(&gate_self->inside, 0, memory_order_release);

    /* A signal handler that comes from here on finds the thread outside; one that came before has left its wish. */
    atomic_signal_fence(memory_order_seq_cst);
    if (gate_self->is_late)
        late_run();
}
