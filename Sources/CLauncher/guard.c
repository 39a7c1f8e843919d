#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { interval = 100, processes_most = 4096 };

/// Reads a small file of /proc; answers its length.
static ssize_t read_text(const char *path, char *text, size_t size) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t count = read(file, text, size - 1);
    close(file);
    if (count >= 0) text[count] = 0;
    return count;
}

/// The descendants of the calling process, nearest first; answers how many.
static int descendants(pid_t *found, int most) {
    int count = 0;
    pid_t parent = getpid();
    for (int next = -1; next < count; next++) {
        if (next >= 0) parent = found[next];
        char path[64];
        static char text[1 << 16];
        snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
        if (read_text(path, text, sizeof text) <= 0) continue;
        for (char *place = text; *place && count < most;) {
            char *end;
            long number = strtol(place, &end, 10);
            if (end == place) break;
            found[count++] = (pid_t)number;
            place = end;
        }
    }
    return count;
}

/// Bytes in memory of all descendants, what they share counted for each.
static uint64_t memory_in_use(void) {
    static pid_t found[processes_most];
    int count = descendants(found, processes_most);
    uint64_t pages = 0;
    for (int index = 0; index < count; index++) {
        char path[64], text[128];
        unsigned long long all, resident;
        snprintf(path, sizeof path, "/proc/%d/statm", found[index]);
        if (read_text(path, text, sizeof text) <= 0) continue;
        if (sscanf(text, "%llu %llu", &all, &resident) == 2) pages += resident;
    }
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/// Kills all descendants. What was orphaned came to us, as we are their reaper.
static void kill_all(void) {
    static pid_t found[processes_most];
    for (int round = 0; round < 1000; round++) {
        int count = descendants(found, processes_most);
        for (int index = 0; index < count; index++) kill(found[index], SIGKILL);
        while (waitpid(-1, NULL, WNOHANG) > 0) {}
        if (count == 0) return;
        poll(NULL, 0, 1);
    }
}

static volatile sig_atomic_t is_asked;

static void ask(int number) {
    (void)number;
    is_asked = 1;
}

_Noreturn void annals_guard(pid_t child, int lifeline, uint64_t memory_limit) {
    // The program's ends must be its own, so that they end with it.
    for (int descriptor = 0; descriptor < 7; descriptor++) {
        if (descriptor != lifeline) close(descriptor);
    }
    struct sigaction action = {.sa_handler = ask};
    sigaction(SIGTERM, &action, NULL);
    int process = (int)syscall(SYS_pidfd_open, child, 0);
    struct pollfd events[] = {{lifeline, POLLIN, 0}, {process, POLLIN, 0}};
    while (1) {
        // The interval is for the signal that comes just before.
        int count = poll(events, 2, interval);
        if (is_asked) break;
        if (count < 0 && errno != EINTR) break;
        if (count > 0 && events[0].revents) break;
        if (count > 0 && events[1].revents) {
            int status = 0;
            waitpid(child, &status, 0);
            kill_all();
            _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
        }
        if (memory_limit > 0 && memory_in_use() > memory_limit) {
            kill_all();
            raise(SIGUSR1);
        }
    }
    kill_all();
    _exit(128 + SIGKILL);
}
