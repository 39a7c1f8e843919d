#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Landlock as linux/landlock.h has it, which is older than the kernel on many a system.
struct ruleset {
    uint64_t files, network, scoped;
};
struct path_rule {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

enum {
    execute = 1 << 0,
    write_file = 1 << 1,
    read_file = 1 << 2,
    read_folder = 1 << 3,
    truncate_file = 1 << 14,
    ioctl_device = 1 << 15,
};

static int create_ruleset(const struct ruleset *rules, size_t size, uint32_t flags) {
    return (int)syscall(444, rules, size, flags);
}

int annals_landlock_version(void) {
    int version = create_ruleset(NULL, 0, 1);
    return version < 0 ? 0 : version;
}

/// Grants a path; one that is not there needs no grant.
static int grant(int rules, const char *path, uint64_t allowed) {
    int file = open(path, O_PATH | O_CLOEXEC);
    if (file < 0) return 0;
    struct stat status;
    if (fstat(file, &status) == 0 && !S_ISDIR(status.st_mode)) {
        allowed &= execute | write_file | read_file | truncate_file | ioctl_device;
    }
    struct path_rule rule = {allowed, file};
    int outcome = (int)syscall(445, rules, 1, &rule, 0);
    close(file);
    return outcome;
}

static int restrict_files(const annals_program *program) {
    int version = program->lacks & annals_lacks_landlock ? 0 : annals_landlock_version();
    if (version < 1) {
        errno = ENOSYS;
        return -1;
    }
    // Each version knows more; what the kernel does not know cannot be asked of it.
    int file_rights = version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13;
    struct ruleset rules = {(UINT64_C(1) << file_rights) - 1, 0, 0};
    size_t size = sizeof rules.files;
    if (version >= 4) {
        rules.network = program->has_network ? 0 : 3;
        size = offsetof(struct ruleset, scoped);
    }
    if (version >= 6) {
        rules.scoped = 3;
        size = sizeof rules;
    }
    int set = create_ruleset(&rules, size, 0);
    if (set < 0) return -1;
    uint64_t reading = execute | read_file | read_folder;
    for (const char *const *path = program->readable; *path; path++) {
        if (grant(set, *path, reading & rules.files) != 0) return -1;
    }
    for (const char *const *path = program->writable; *path; path++) {
        if (grant(set, *path, rules.files) != 0) return -1;
    }
    static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
    uint64_t both = (read_file | write_file | truncate_file) & rules.files;
    for (size_t index = 0; index < sizeof devices / sizeof *devices; index++) {
        if (grant(set, devices[index], both) != 0) return -1;
    }
    int outcome = (int)syscall(446, set, 0);
    close(set);
    return outcome;
}

enum annals_step annals_raise_walls(const annals_program *program) {
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    for (int capability = 0; capability < 64; capability++) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return annals_step_seccomp;
    if (restrict_files(program) != 0) return annals_step_landlock;
    if (annals_restrict_calls(program->has_network, annals_landlock_version()) != 0) return annals_step_seccomp;
    return annals_step_none;
}

const char *annals_step_name(enum annals_step step) {
    switch (step) {
    case annals_step_none: return "nothing";
    case annals_step_fork: return "fork";
    case annals_step_folder: return "folder";
    case annals_step_landlock: return "landlock";
    case annals_step_seccomp: return "seccomp";
    case annals_step_exec: return "exec";
    }
    return "unknown";
}
