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

enum { interval_ms = 100, hurried_ms = 10, scratch_rounds = 10, processes_most = 4096, threads_most = 4096, thread_room = 16, depth_most = 32 };

/// Threads of the descendants that were counted last.
static int threads;

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
            if (entry->name[0] == '.') continue;
            threads++;
            count = add_children(process, entry->name, found, count, most);
        }
    }
    close(folder);
    return count;
}

/// The descendants of the calling process, nearest first; answers how many.
static int descendants(pid_t *found, int most) {
    threads = -1;
    int count = children(getpid(), found, 0, most);
    for (int next = 0; next < count; next++) count = children(found[next], found, count, most);
    return count;
}

static uint64_t kibibytes(const char *text, const char *name) {
    const char *line = strstr(text, name);
    return line ? strtoull(line + strlen(name), NULL, 10) : 0;
}

/// Adds what two lines of a file of a process say, in bytes; 0 if it cannot be read.
static uint64_t sum_of_lines(pid_t process, const char *name, const char *one, const char *other) {
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/%s", process, name);
    if (read_text(path, text, sizeof text) <= 0) return 0;
    return (kibibytes(text, one) + kibibytes(text, other)) * 1024;
}

/// Bytes in memory and in swap, what processes share counted for each.
static uint64_t memory_at_most(const pid_t *processes, int count) {
    uint64_t sum = 0;
    for (int index = 0; index < count; index++) sum += sum_of_lines(processes[index], "status", "VmRSS:", "VmSwap:");
    return sum;
}

/// The same, what processes share divided among them: takes longer.
static uint64_t memory_in_use(const pid_t *processes, int count) {
    uint64_t sum = 0;
    for (int index = 0; index < count; index++) {
        uint64_t part = sum_of_lines(processes[index], "smaps_rollup", "\nPss:", "\nSwapPss:");
        sum += part > 0 ? part : sum_of_lines(processes[index], "status", "VmRSS:", "VmSwap:");
    }
    return sum;
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
            if (!S_ISDIR(status.st_mode)) continue;
            // What lies too deep to be looked at is too much.
            if (depth == 0) return most + 1;
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

/// The program's processes; ends it where they or their threads are too many.
static int count_processes(pid_t child, const annals_program *program, pid_t *found) {
    int limit = program->process_limit > 0 && program->process_limit < processes_most ? program->process_limit
                                                                                       : processes_most - 2;
    // One of them may be the first of a namespace, which is ours.
    int count = descendants(found, limit + 2);
    if (program->process_limit > 0 && (count > limit + 1 || threads > threads_most)) {
        end_for(child, annals_processes);
    }
    return count;
}

/// Ends the program for what it took; answers how long to wait until the next look.
static int inspect(pid_t child, int is_first, int has_begun, const annals_program *program, int round) {
    static pid_t found[processes_most];
    int count = count_processes(child, program, found);
    int is_near = 0;
    // The first process of a namespace is ours.
    for (int index = 0; is_first && index < count; index++) {
        if (found[index] == child) found[index] = found[--count];
    }
    if (program->memory_limit > 0 && has_begun) {
        uint64_t memory = memory_at_most(found, count);
        if (memory > program->memory_limit && memory_in_use(found, count) > program->memory_limit) {
            end_for(child, annals_memory);
        }
        is_near = memory > program->memory_limit / 2 && memory <= program->memory_limit;
    }
    if (program->scratch_limit > 0 && round % scratch_rounds == scratch_rounds - 1) {
        uint64_t bytes = annals_folder_bytes(program->scratch, program->scratch_limit);
        if (bytes > program->scratch_limit) end_for(child, annals_scratch);
    }
    return is_near ? hurried_ms : interval_ms;
}

/// Lets the program make a process or a thread, unless there are too many.
static void answer_ask(pid_t child, const annals_program *program, int listener) {
    // How many may still come before all are counted anew.
    static int left;
    static pid_t found[processes_most];
    uint64_t name;
    enum annals_ask asked = annals_next_ask(listener, &name);
    if (asked == annals_asks_nothing) return;
    // A process takes the room of several threads, so that one number bounds both.
    left -= asked == annals_asks_process ? thread_room : 1;
    if (left <= 0) {
        int count = count_processes(child, program, found);
        int limit = program->process_limit > 0 ? program->process_limit : processes_most;
        if (program->process_limit > 0 && (count > limit || threads >= threads_most)) {
            end_for(child, annals_processes);
        }
        int processes_left = (limit - count) * thread_room, threads_left = threads_most - threads;
        left = (processes_left < threads_left ? processes_left : threads_left) / 2;
    }
    annals_allow(listener, name);
}

/// The program as far as the warden needs it, apart from the memory that it lets go of.
static const annals_program *remember(const annals_program *program) {
    static annals_program kept;
    static char scratch[4096];
    kept = *program;
    kept.scratch = NULL;
    if (program->scratch && strlen(program->scratch) < sizeof scratch) kept.scratch = strcpy(scratch, program->scratch);
    if (!kept.scratch) kept.scratch_limit = 0;
    annals_forget();
    return &kept;
}

_Noreturn void annals_guard(pid_t child, int is_first, int lifeline, int asks, const annals_program *given) {
    const annals_program *program = remember(given);
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
    int listener = annals_receive_descriptor(asks);
    // Its other end closes as the program begins: until then it is the host's memory that is seen.
    struct pollfd events[] = {{lifeline, POLLIN, 0}, {process, POLLIN, 0}, {listener, POLLIN, 0}, {asks, 0, 0}};
    int has_begun = 0;
    int wait_ms = interval_ms, round = 0;
    int64_t next = now_ms() + wait_ms;
    while (!is_asked) {
        int64_t left_ms = next - now_ms();
        if (left_ms < 0) left_ms = 0;
        struct timespec time = {0, left_ms * 1000000L};
        int count = ppoll(events, 4, &time, &open);
        if (is_asked || (count < 0 && errno != EINTR)) break;
        if (count > 0 && events[0].revents) break;
        if (count > 0 && events[1].revents) {
            int status = 0;
            waitpid(child, &status, 0);
            kill_all(0);
            _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
        }
        if (count > 0 && events[2].revents & POLLIN) answer_ask(child, program, listener);
        else if (count > 0 && events[2].revents) events[2].fd = -1;
        if (count > 0 && events[3].revents) {
            has_begun = 1;
            events[3].fd = -1;
        }
        if (now_ms() < next) continue;
        wait_ms = inspect(child, is_first, has_begun, program, round++);
        next = now_ms() + wait_ms;
    }
    kill_all(child);
    _exit(128 + SIGKILL);
}
