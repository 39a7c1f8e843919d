#pragma once
#include <stdint.h>
#include <sys/types.h>

/// A program to start, and the walls around it.
///
/// All pointers must stay valid for the length of the call; lists end with a null pointer.
typedef struct {
    /// The program's path, then its arguments.
    char *const *arguments;
    /// `NAME=VALUE`, the whole environment.
    char *const *environment;
    /// Its working folder.
    const char *folder;
    /// What becomes descriptor 3, to read, and 4, to write.
    int messages_in, messages_out;
    /// What becomes standard output and standard error.
    int prints;
    /// To read; when its other end is closed, by whatever means, all processes are killed.
    int lifeline;
    /// Memory in use, of all processes together, in bytes, above which all are killed; 0 for none.
    uint64_t memory_limit;
    /// Whether there are walls at all.
    int is_sandboxed;
    /// Whether it may use the network.
    int has_network;
    /// Files and folders that it may read and run programs from.
    const char *const *readable;
    /// Folders in which it may do what it likes.
    const char *const *writable;
    /// The folder of those whose files may take `scratch_limit` bytes; 0 for no limit.
    const char *scratch;
    uint64_t scratch_limit;
    /// Processes at a time above which all are killed; 0 for no limit.
    int process_limit;
    /// Of `annals_lack`: what this kernel is taken not to have, for tests.
    int lacks;
} annals_program;

/// What a kernel, or who administers it, may not give.
enum annals_lack { annals_lacks_namespaces = 1, annals_lacks_landlock = 2 };

/// The signals by which a warden ends that killed its program for what it took.
enum annals_verdict { annals_memory = 10, annals_processes = 12, annals_scratch = 14 };

/// Why a program could not be started, or how it is walled in.
typedef struct {
    /// What failed, a word such as `landlock` or `exec`; null if nothing did.
    const char *step;
    /// The number of the error.
    int error;
} annals_launch_fault;

/// Starts a program below a warden, which kills it with all that it started when the lifeline ends.
///
/// Answers the warden's process number, 0 if there is a fault. The warden ends with the program's
/// exit status, or 128 and the number of the signal that ended it; by one of the signals of
/// `annals_verdict` where it killed the program for what it took.
pid_t annals_launch(const annals_program *program, annals_launch_fault *fault);

/// Makes a pipe whose ends no program inherits: the one to read first; answers 0, or -1 and `errno`.
int annals_pipe(int ends[2]);

/// Makes a pair of connected descriptors that no program inherits, of which one is to be written to
/// with ``annals_write``; answers 0, or -1 and `errno`.
int annals_pair(int ends[2]);

/// Writes as `write` does, but raises no signal where nobody reads.
ssize_t annals_write(int end, const void *bytes, size_t count);

/// The version of Landlock that the kernel has; 0 for none.
int annals_landlock_version(void);
