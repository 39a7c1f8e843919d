#pragma once
#include "CLauncher.h"

/// What can fail between fork and exec.
enum annals_step {
    annals_step_none,
    annals_step_fork,
    annals_step_folder,
    annals_step_landlock,
    annals_step_seccomp,
    annals_step_exec,
};

const char *annals_step_name(enum annals_step step);

/// Takes from the calling process, and all that it will start, what the program is not granted.
enum annals_step annals_raise_walls(const annals_program *program);

/// Refuses the system calls that no file rule sees; answers 0, or -1 and `errno`.
int annals_restrict_calls(int has_network, int landlock_version);

/// Waits for a process to end, and ends as it did; kills it with all its descendants when the
/// lifeline ends, or they take more than they may.
_Noreturn void annals_guard(pid_t child, int lifeline, const annals_program *program);

/// Bytes on disk of the files below a folder; stops counting above `most`.
uint64_t annals_folder_bytes(const char *path, uint64_t most);
