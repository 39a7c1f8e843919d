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

/// Has the calling process, and all that it will start, ask before it makes a process or a thread:
/// at a descriptor that is sent on its way to the warden.
void annals_ask_before_forks(int way);

/// The descriptor that was sent; -1 if none was.
int annals_receive_descriptor(int way);

enum annals_ask { annals_asks_nothing, annals_asks_process, annals_asks_thread };

/// What is asked for next, and its name.
enum annals_ask annals_next_ask(int listener, uint64_t *name);

/// Lets what was asked for happen.
void annals_allow(int listener, uint64_t name);

/// Waits for a process to end, and ends as it did; kills it with all its descendants when the
/// lifeline ends, or they take more than they may.
///
/// `asks` is where the descriptor comes by which the program asks before it makes processes; it closes as
/// the program begins. `is_first` says that the child is ours, the first of a process namespace.
_Noreturn void annals_guard(pid_t child, int is_first, int lifeline, int asks, const annals_program *given);

/// Lets go of the memory that a forked process never reads.
void annals_forget(void);

/// Bytes on disk of the files below a folder; stops counting above `most`.
uint64_t annals_folder_bytes(const char *path, uint64_t most);
