// Landlock rules over files; this refuses what it does not see: sockets, the metadata of files, and
// the calls by which kernels were broken.

#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the system calls of this processor are not known here"
#endif

/// Calls that are refused to everyone. Those above 423 bear one number on all processors, and are
/// younger than the headers of many a system.
static const int refused[] = {
    // What reaches into other processes.
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, 438 /* pidfd_getfd */, SYS_kcmp,
    // What goes around the walls: other views of the files, and handles of files.
    SYS_mount, SYS_umount2, 428 /* open_tree */, 429 /* move_mount */, 430 /* fsopen */, 431 /* fsconfig */,
    432 /* fsmount */, 433 /* fspick */, 442 /* mount_setattr */, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns,
    SYS_open_by_handle_at, SYS_quotactl,
    // What kernels were broken by, and their keys, clocks and modules.
    425 /* io_uring_setup */, 426 /* io_uring_enter */, 427 /* io_uring_register */, SYS_bpf, SYS_perf_event_open,
    SYS_userfaultfd, SYS_add_key, SYS_request_key, SYS_keyctl, SYS_kexec_load, SYS_init_module, SYS_finit_module,
    SYS_delete_module, SYS_syslog, SYS_acct, SYS_swapon, SYS_reboot, SYS_personality, SYS_fanotify_init,
    SYS_inotify_add_watch,
    // Memory that no process holds is counted for none, and shared memory leads to whoever has it.
    SYS_memfd_create, 447 /* memfd_secret */, SYS_shmget, SYS_shmat, SYS_semget, SYS_msgget, SYS_mq_open,
    // Landlock lets everyone change what is known about a file.
    SYS_fchown, SYS_fchownat, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr,
    SYS_fremovexattr, 463 /* setxattrat */, 466 /* removexattrat */, 469 /* file_setattr */,
#ifdef SYS_chown
    SYS_chown, SYS_lchown,
#endif
};

/// Calls that are answered as if they had been done: programs copy modes and times along with files.
static const int pretended[] = {
    SYS_fchmod, SYS_fchmodat, 452 /* fchmodat2 */, SYS_utimensat,
#ifdef SYS_chmod
    SYS_chmod, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
};

/// What leads to others over a socket, if one should have come in.
static const int connecting[] = {SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4};

typedef struct {
    struct sock_filter code[512];
    unsigned short count;
} program_text;

static void put(program_text *text, uint16_t code, uint32_t value, uint8_t then, uint8_t otherwise) {
    text->code[text->count++] = (struct sock_filter){code, then, otherwise, value};
}

static void answer(program_text *text, uint32_t value) { put(text, BPF_RET | BPF_K, value, 0, 0); }
static void refuse(program_text *text, int error) { answer(text, SECCOMP_RET_ERRNO | (uint32_t)error); }
static void load(program_text *text, size_t field) { put(text, BPF_LD | BPF_W | BPF_ABS, (uint32_t)field, 0, 0); }
static void load_argument(program_text *text, int number) {
    load(text, offsetof(struct seccomp_data, args) + 8 * (size_t)number);
}

/// Goes on only for a call; what follows must be `count` instructions.
static void only(program_text *text, int call, uint8_t count) {
    put(text, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, count);
}

static void each(program_text *text, const int *calls, size_t count, uint32_t value) {
    for (size_t index = 0; index < count; index++) {
        only(text, calls[index], 1);
        answer(text, value);
    }
}

#define EACH(text, calls, value) each(text, calls, sizeof calls / sizeof *calls, value)

/// Refuses a call unless an argument, after a mask, is one of two values.
static void require(program_text *text, int call, int argument, uint32_t mask, uint32_t one, uint32_t other, int error) {
    only(text, call, 6);
    load_argument(text, argument);
    put(text, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
    put(text, BPF_JMP | BPF_JEQ | BPF_K, one, 1, 0);
    put(text, BPF_JMP | BPF_JEQ | BPF_K, other, 0, 1);
    answer(text, SECCOMP_RET_ALLOW);
    refuse(text, error);
}

/// Refuses a call if an argument, after a mask, is a value.
static void forbid(program_text *text, int call, int argument, uint32_t mask, uint32_t value) {
    only(text, call, 5);
    load_argument(text, argument);
    put(text, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
    put(text, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    refuse(text, EPERM);
    answer(text, SECCOMP_RET_ALLOW);
}

int annals_restrict_calls(int has_network, int landlock_version) {
    program_text text = {.count = 0};
    load(&text, offsetof(struct seccomp_data, arch));
    put(&text, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    answer(&text, SECCOMP_RET_KILL_PROCESS);
    load(&text, offsetof(struct seccomp_data, nr));
#if defined(__x86_64__)
    // The same calls by their x32 numbers.
    put(&text, BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
    refuse(&text, ENOSYS);
#endif
    // glibc falls back to clone, whose flags can be seen.
    only(&text, SYS_clone3, 1);
    refuse(&text, ENOSYS);
    EACH(&text, refused, SECCOMP_RET_ERRNO | EPERM);
    EACH(&text, pretended, SECCOMP_RET_ERRNO);
    if (has_network) {
        // Sockets in the file system lead to this machine's services.
        require(&text, SYS_socket, 0, ~0U, AF_INET, AF_INET6, EACCES);
    } else {
        EACH(&text, connecting, SECCOMP_RET_ERRNO | EACCES);
        only(&text, SYS_socket, 1);
        refuse(&text, EACCES);
    }
    // A pair for datagrams could be connected anew, to whoever listens; a pair for streams cannot.
    require(&text, SYS_socketpair, 1, 0xF, SOCK_STREAM, SOCK_STREAM, EACCES);
    // Another process's limits, and everybody at once.
    require(&text, SYS_prlimit64, 0, ~0U, 0, 0, EPERM);
    forbid(&text, SYS_kill, 0, ~0U, ~0U);
    forbid(&text, SYS_ioctl, 1, ~0U, 0x5412 /* TIOCSTI */);
    if (landlock_version < 3) {
        // Before Linux 6.2 Landlock did not see that a file was cut.
        only(&text, SYS_truncate, 1);
        refuse(&text, EACCES);
        only(&text, 437 /* openat2 */, 1);
        refuse(&text, ENOSYS);
        forbid(&text, SYS_openat, 2, O_TRUNC | O_ACCMODE, O_TRUNC);
#ifdef SYS_open
        forbid(&text, SYS_open, 1, O_TRUNC | O_ACCMODE, O_TRUNC);
#endif
    }
    only(&text, SYS_clone, 3);
    load_argument(&text, 0);
    put(&text, BPF_JMP | BPF_JSET | BPF_K, CLONE_NEWUSER, 0, 1);
    refuse(&text, EPERM);
    answer(&text, SECCOMP_RET_ALLOW);
    struct sock_fprog filter = {text.count, text.code};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}
