#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
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
    int version = annals_landlock_version();
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

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the system calls of this processor are not known here"
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, value)
#define REFUSE(error) ANSWER(SECCOMP_RET_ERRNO | (error))
#define REFUSE_CALL(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), REFUSE(EPERM)

/// Refuses what Landlock does not see, and what kernels were broken by.
static int restrict_calls(int has_network) {
    struct sock_filter filter[] = {
        LOAD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
        ANSWER(SECCOMP_RET_KILL_PROCESS),
        LOAD(nr),
#if defined(__x86_64__)
        // The same calls by their x32 numbers.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        REFUSE(ENOSYS),
#endif
        // Pathname sockets lead to whoever listens; a socketpair leads nowhere.
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 2),
        BPF_JUMP(BPF_JMP | BPF_JA, has_network ? 1 : 0, 0, 0),
        REFUSE(EACCES),
        // glibc falls back to clone, whose flags can be seen.
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
        REFUSE(ENOSYS),
        REFUSE_CALL(io_uring_setup),
        REFUSE_CALL(io_uring_enter),
        REFUSE_CALL(io_uring_register),
        REFUSE_CALL(ptrace),
        REFUSE_CALL(process_vm_readv),
        REFUSE_CALL(process_vm_writev),
        REFUSE_CALL(pidfd_getfd),
        REFUSE_CALL(mount),
        REFUSE_CALL(umount2),
        REFUSE_CALL(move_mount),
        REFUSE_CALL(open_tree),
        REFUSE_CALL(fsopen),
        REFUSE_CALL(fsmount),
        REFUSE_CALL(pivot_root),
        REFUSE_CALL(chroot),
        REFUSE_CALL(unshare),
        REFUSE_CALL(setns),
        REFUSE_CALL(bpf),
        REFUSE_CALL(perf_event_open),
        REFUSE_CALL(userfaultfd),
        REFUSE_CALL(add_key),
        REFUSE_CALL(request_key),
        REFUSE_CALL(keyctl),
        REFUSE_CALL(kexec_load),
        REFUSE_CALL(init_module),
        REFUSE_CALL(finit_module),
        REFUSE_CALL(delete_module),
        REFUSE_CALL(open_by_handle_at),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3),
        LOAD(args[0]),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_NEWUSER, 0, 1),
        REFUSE(EPERM),
        ANSWER(SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

enum annals_step annals_raise_walls(const annals_program *program) {
    for (int capability = 0; capability < 64; capability++) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return annals_step_seccomp;
    if (restrict_files(program) != 0) return annals_step_landlock;
    if (restrict_calls(program->has_network) != 0) return annals_step_seccomp;
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
