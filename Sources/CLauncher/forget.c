// A process that was forked and becomes no other program holds a copy of all that the host held:
// what the host changes afterwards takes memory twice. It lets go of what it never reads.

#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/// Smaller ones may be variables of libraries, and are no matter.
static const uintptr_t large = 4 << 20;

static int holds(uintptr_t start, uintptr_t end, const void *place) {
    return start <= (uintptr_t)place && (uintptr_t)place < end;
}

/// Lets go of the mapping that a line of /proc/self/maps describes, if it is large, writable, of no
/// file, and neither the stack, where our own variables are, nor the thread's.
static void forget_mapping(char *line) {
    static int variable;
    int on_stack = 0;
    char *place = line;
    uintptr_t start = strtoull(place, &place, 16);
    if (*place != '-') return;
    uintptr_t end = strtoull(place + 1, &place, 16);
    if (strncmp(place, " rw-p ", 6) != 0 || end - start < large) return;
    // Offset, device, inode, name.
    place += 6;
    for (int field = 0; field < 2; field++) {
        place = strchr(place, ' ');
        if (!place) return;
        place++;
    }
    if (strtoull(place, &place, 10) != 0) return;
    char *name = strchr(place, '[');
    if (name && strncmp(name, "[heap]", 6) != 0) return;
    if (holds(start, end, &on_stack) || holds(start, end, &errno) || holds(start, end, &variable)) return;
    madvise((void *)start, end - start, MADV_DONTNEED);
}

void annals_forget(void) {
    static char text[1 << 16];
    int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    size_t held = 0;
    ssize_t count;
    while ((count = read(file, text + held, sizeof text - held - 1)) > 0) {
        held += (size_t)count;
        text[held] = 0;
        char *line = text, *end;
        while ((end = strchr(line, '\n'))) {
            *end = 0;
            forget_mapping(line);
            line = end + 1;
        }
        held = strlen(line);
        memmove(text, line, held);
    }
    close(file);
}
