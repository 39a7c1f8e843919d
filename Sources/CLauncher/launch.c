// What happens between fork and exec must be C: of a process with threads only the calling one is
// left after a fork, locks may be held for ever by the others, and Swift takes some anywhere.

#define _GNU_SOURCE
#include "CLauncher.h"
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { messages_in = 3, messages_out = 4, lifeline = 5, report = 6, first_free = 7, asks_to = 8, asks_from = 9 };

/// What a child says of a step that failed; nothing arrives where the program was started.
typedef struct {
    enum annals_step step;
    int error;
} child_report;

static void fail(enum annals_step step) {
    child_report says = {step, errno};
    if (write(report, &says, sizeof says) < 0) _exit(126);
    _exit(126);
}

static void reset_signals(void) {
    for (int number = 1; number < 65; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/// Puts the descriptors where they belong and closes all others.
static void place_descriptors(const annals_program *program, int report_end) {
    int nothing = open("/dev/null", O_RDONLY);
    int sources[] = {nothing, program->prints, program->prints, program->messages_in, program->messages_out,
                     program->lifeline, report_end};
    int moved[7];
    for (int index = 0; index < 7; index++) {
        moved[index] = fcntl(sources[index], F_DUPFD, 32);
        if (moved[index] < 0) _exit(126);
    }
    for (int index = 0; index < 7; index++) {
        if (dup2(moved[index], index) < 0) _exit(126);
    }
    fcntl(lifeline, F_SETFD, FD_CLOEXEC);
    fcntl(report, F_SETFD, FD_CLOEXEC);
    close_range(first_free, ~0U, 0);
}

static void write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY);
    if (file < 0) return;
    if (write(file, text, strlen(text)) < 0) errno = 0;
    close(file);
}

/// Goes into namespaces of its own where users may; answers whether they may.
static int separate(const annals_program *program) {
    char map[64];
    uid_t user = geteuid();
    gid_t group = getegid();
    int spaces = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWIPC | (program->has_network ? 0 : CLONE_NEWNET);
    if (unshare(spaces) != 0) return 0;
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "%u %u 1", user, user);
    write_file("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "%u %u 1", group, group);
    write_file("/proc/self/gid_map", map);
    return 1;
}

/// Shows the program only the processes of its own namespace.
///
/// Where a container hides parts of its own /proc the kernel allows no other, and this one stays.
static void hide_processes(void) {
    if (unshare(CLONE_NEWNS) != 0) return;
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return;
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0) errno = 0;
}

static void limit(int resource, rlim_t most) {
    struct rlimit now;
    if (getrlimit(resource, &now) != 0) return;
    if (most > now.rlim_max) most = now.rlim_max;
    struct rlimit limits = {most, most};
    setrlimit(resource, &limits);
}

/// Makes the way on which the program's descriptor to ask comes to the warden.
static void make_asks(void) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) fail(annals_step_fork);
    int to = fcntl(ends[0], F_DUPFD_CLOEXEC, 32), from = fcntl(ends[1], F_DUPFD_CLOEXEC, 32);
    if (dup3(to, asks_to, O_CLOEXEC) < 0 || dup3(from, asks_from, O_CLOEXEC) < 0) fail(annals_step_fork);
    for (int index = 0; index < 2; index++) {
        if (ends[index] != asks_to && ends[index] != asks_from) close(ends[index]);
    }
    close(to);
    close(from);
}

/// Becomes the program.
static void become(const annals_program *program) {
    setsid();
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, 256);
    if (chdir(program->folder) != 0) fail(annals_step_folder);
    annals_ask_before_forks(asks_to);
    if (program->is_sandboxed) {
        enum annals_step failed = annals_raise_walls(program);
        if (failed) fail(failed);
    }
    execve(program->arguments[0], program->arguments, program->environment);
    fail(annals_step_exec);
}

static int exit_code(int status) {
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// The first process of a process namespace: when it ends, the kernel kills all others in it.
static void be_first(const annals_program *program) {
    hide_processes();
    pid_t child = fork();
    if (child < 0) fail(annals_step_fork);
    if (child == 0) become(program);
    close_range(0, ~0U, 0);
    annals_forget();
    int status;
    pid_t ended;
    while ((ended = wait(&status)) != child) {
        if (ended < 0 && errno != EINTR) _exit(126);
    }
    _exit(exit_code(status));
}

int annals_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int annals_pair(int ends[2]) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends); }

ssize_t annals_write(int end, const void *bytes, size_t count) { return send(end, bytes, count, MSG_NOSIGNAL); }

pid_t annals_launch(const annals_program *program, annals_launch_fault *fault) {
    int ends[2];
    fault->step = NULL;
    fault->error = 0;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        fault->step = "pipe";
        fault->error = errno;
        return 0;
    }
    pid_t warden = fork();
    if (warden < 0) {
        fault->step = "fork";
        fault->error = errno;
        close(ends[0]);
        close(ends[1]);
        return 0;
    }
    if (warden == 0) {
        setpgid(0, 0);
        reset_signals();
        place_descriptors(program, ends[1]);
        prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
        make_asks();
        int is_separate = program->is_sandboxed && !(program->lacks & annals_lacks_namespaces) && separate(program);
        pid_t child = fork();
        if (child < 0) fail(annals_step_fork);
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
            if (is_separate) be_first(program);
            become(program);
        }
        close(asks_to);
        annals_guard(child, is_separate, lifeline, asks_from, program);
    }
    close(ends[1]);
    child_report says;
    ssize_t count;
    do count = read(ends[0], &says, sizeof says);
    while (count < 0 && errno == EINTR);
    close(ends[0]);
    if (count != sizeof says) return warden;
    fault->step = annals_step_name(says.step);
    fault->error = says.error;
    while (waitpid(warden, NULL, 0) < 0 && errno == EINTR) {}
    return 0;
}
