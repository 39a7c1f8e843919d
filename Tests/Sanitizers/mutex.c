// Shows the thread sanitizer the contended path of Swift's Mutex.
//
// Taking a free Mutex is compiled into the caller, where the sanitizer sees it. Waiting for one that is
// held, and waking who waits, are in libswiftSynchronization, which is not instrumented: without these
// two functions, which stand before the library's of the same names, what the lock keeps apart would be
// reported as a race, and so would all that is handed over under it.

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)

#define _GNU_SOURCE
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

typedef SWIFT void lock_slow(uint32_t thread, SELF void *mutex);
typedef SWIFT void unlock_slow(SELF void *mutex);

// Synchronization._MutexHandle._lockSlow(UInt32) and ._unlockSlow()
SWIFT void lock(uint32_t thread, SELF void *mutex) __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
SWIFT void unlock(SELF void *mutex) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");

static void *library_function(_Atomic(void *) *known, const char *name) {
    void *function = atomic_load_explicit(known, memory_order_relaxed);
    if (!function) {
        function = dlsym(RTLD_NEXT, name);
        if (!function) abort();
        atomic_store_explicit(known, function, memory_order_relaxed);
    }
    return function;
}

SWIFT void lock(uint32_t thread, SELF void *mutex) {
    static _Atomic(void *) known;
    lock_slow *wait = (lock_slow *)library_function(&known, "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
    wait(thread, mutex);
    __tsan_acquire(mutex);
}

SWIFT void unlock(SELF void *mutex) {
    static _Atomic(void *) known;
    unlock_slow *wake = (unlock_slow *)library_function(&known, "$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
    __tsan_release(mutex);
    wake(mutex);
}

#endif
#endif
