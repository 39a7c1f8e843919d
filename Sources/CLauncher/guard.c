// The warden: what watches a program from outside of its walls, and outlives the host by as long as
// it takes to kill it. It was forked from a process with threads, so it allocates nothing.

#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { interval_ms = 100, hurried_ms = 10, scratch_rounds = 10, processes_most = 4096, depth_most = 32 };

/// Reads a small file of /proc; answers its length.
static ssize_t read_text(const char *path, char *text, size_t size) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t count = read(file, text, size - 1);
    close(file);
    if (count >= 0) text[count] = 0;
    return count;
}

/// An entry of a folder, as getdents64 tells it.
struct entry {
    uint64_t inode;
    int64_t offset;
    uint16_t size;
    uint8_t type;
    char name[];
};

/// Adds the children of one thread.
static int add_children(int process, const char *thread, pid_t *found, int count, int most) {
    static char text[1 << 16];
    char path[128];
    snprintf(path, sizeof path, "/proc/%d/task/%.20s/children", process, thread);
    if (read_text(path, text, sizeof text) <= 0) return count;
    for (char *place = text; *place && count < most;) {
        char *end;
        long number = strtol(place, &end, 10);
        if (end == place) break;
        found[count++] = (pid_t)number;
        place = end;
    }
    return count;
}

/// Adds the children of a process: each of its threads has those that it made.
static int children(int process, pid_t *found, int count, int most) {
    char path[64];
    _Alignas(struct entry) char entries[4096];
    snprintf(path, sizeof path, "/proc/%d/task", process);
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return count;
    long size;
    while ((size = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0) {
        for (long place = 0; place < size;) {
            struct entry *entry = (struct entry *)(entries + place);
            place += entry->size;
            if (entry->name[0] != '.') count = add_children(process, entry->name, found, count, most);
        }
    }
    close(folder);
    return count;
}

/// The descendants of the calling process, nearest first; answers how many.
static int descendants(pid_t *found, int most) {
    int count = children(getpid(), found, 0, most);
    for (int next = 0; next < count; next++) count = children(found[next], found, count, most);
    return count;
}

static uint64_t kibibytes(const char *text, const char *name) {
    const char *line = strstr(text, name);
    return line ? strtoull(line + strlen(name), NULL, 10) : 0;
}

/// Bytes in memory and in swap, what processes share counted for each.
static uint64_t memory_in_use(const pid_t *processes, int count) {
    uint64_t sum = 0;
    for (int index = 0; index < count; index++) {
        char path[64], text[4096];
        snprintf(path, sizeof path, "/proc/%d/status", processes[index]);
        if (read_text(path, text, sizeof text) <= 0) continue;
        sum += kibibytes(text, "VmRSS:") + kibibytes(text, "VmSwap:");
    }
    return sum * 1024;
}

static uint64_t folder_bytes(int folder, int depth, uint64_t sum, uint64_t most) {
    _Alignas(struct entry) char entries[4096];
    long size;
    while (sum <= most && (size = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0) {
        for (long place = 0; place < size;) {
            struct entry *entry = (struct entry *)(entries + place);
            place += entry->size;
            struct stat status;
            if (strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0) continue;
            if (fstatat(folder, entry->name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
            // An empty file takes its place too.
            sum += (uint64_t)status.st_blocks * 512 + 4096;
            if (!S_ISDIR(status.st_mode) || depth == 0) continue;
            int inner = openat(folder, entry->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (inner < 0) continue;
            sum = folder_bytes(inner, depth - 1, sum, most);
            close(inner);
        }
    }
    return sum;
}

uint64_t annals_folder_bytes(const char *path, uint64_t most) {
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) return 0;
    uint64_t sum = folder_bytes(folder, depth_most, 0, most);
    close(folder);
    return sum;
}

static int64_t now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000) + time.tv_nsec / 1000000;
}

/// Kills all descendants. What was orphaned came to us, as we are their reaper.
///
/// The first is that of its process namespace where there is one, and takes all others with it. Else
/// what forks without end is outrun: a process that is to be killed can fork no more.
static void kill_all(pid_t child) {
    static pid_t found[processes_most];
    int64_t end = now_ms() + 10000;
    if (child > 0) kill(child, SIGKILL);
    while (now_ms() < end) {
        int count = descendants(found, processes_most);
        for (int index = 0; index < count; index++) kill(found[index], SIGKILL);
        while (waitpid(-1, NULL, WNOHANG) > 0) {}
        if (count == 0 && waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD) return;
        if (count < 64) poll(NULL, 0, 1);
    }
}

/// Ends by a signal, which tells why.
static _Noreturn void end_for(pid_t child, enum annals_verdict verdict) {
    kill_all(child);
    signal(verdict, SIG_DFL);
    raise(verdict);
    _exit(126);
}

static volatile sig_atomic_t is_asked;

static void ask(int number) {
    (void)number;
    is_asked = 1;
}

/// Ends the program for what it took; answers how long to wait until the next look.
static int inspect(pid_t child, const annals_program *program, int round) {
    static pid_t found[processes_most];
    int most = program->process_limit > 0 && program->process_limit < processes_most ? program->process_limit
                                                                                      : processes_most - 2;
    // One of them may be the first of a namespace, which is ours.
    int count = descendants(found, most + 2);
    if (program->process_limit > 0 && count > most + 1) end_for(child, annals_processes);
    uint64_t memory = program->memory_limit > 0 ? memory_in_use(found, count) : 0;
    if (memory > program->memory_limit) end_for(child, annals_memory);
    if (program->scratch_limit > 0 && round % scratch_rounds == scratch_rounds - 1) {
        uint64_t bytes = annals_folder_bytes(program->scratch, program->scratch_limit);
        if (bytes > program->scratch_limit) end_for(child, annals_scratch);
    }
    return memory > program->memory_limit / 2 ? hurried_ms : interval_ms;
}

_Noreturn void annals_guard(pid_t child, int lifeline, const annals_program *program) {
    // The program's ends must be its own, so that they end with it.
    for (int descriptor = 0; descriptor < 7; descriptor++) {
        if (descriptor != lifeline) close(descriptor);
    }
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    // SIGTERM comes while it is waited for, and at no other time.
    sigset_t blocked, open;
    sigemptyset(&open);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
    struct sigaction action = {.sa_handler = ask};
    sigaction(SIGTERM, &action, NULL);
    int process = (int)syscall(SYS_pidfd_open, child, 0);
    struct pollfd events[] = {{lifeline, POLLIN, 0}, {process, POLLIN, 0}};
    int wait_ms = interval_ms;
    for (int round = 0; !is_asked; round++) {
        struct timespec time = {0, wait_ms * 1000000L};
        int count = ppoll(events, 2, &time, &open);
        if (is_asked || (count < 0 && errno != EINTR)) break;
        if (count > 0 && events[0].revents) break;
        if (count > 0 && events[1].revents) {
            int status = 0;
            waitpid(child, &status, 0);
            kill_all(0);
            _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
        }
        wait_ms = inspect(child, program, round);
    }
    kill_all(child);
    _exit(128 + SIGKILL);
}
