// A plugin that answers at once, and does nothing: what is left is what the host spends on plugins.
//
// usage: annals-bench-empty-plugin json|cbor DOCUMENTS_A_BATCH

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint8_t room[1 << 20];
static size_t start, end;

/// Reads more; ends where the host does.
static void fill(void) {
    if (start == end) start = end = 0;
    if (end == sizeof room) {
        memmove(room, room + start, end - start);
        end -= start;
        start = 0;
    }
    ssize_t count = read(3, room + end, sizeof room - end);
    if (count <= 0) exit(0);
    end += (size_t)count;
}

/// Passes over a line.
static void skip_line(void) {
    while (1) {
        uint8_t *found = memchr(room + start, '\n', end - start);
        if (found) {
            start = (size_t)(found - room) + 1;
            return;
        }
        start = end;
        fill();
    }
}

/// Passes over an item with its length before it.
static void skip_item(void) {
    while (end - start < 4) fill();
    size_t rest = (size_t)room[start] << 24 | (size_t)room[start + 1] << 16 | (size_t)room[start + 2] << 8 | room[start + 3];
    start += 4;
    while (rest > 0) {
        if (start == end) fill();
        size_t part = end - start < rest ? end - start : rest;
        start += part;
        rest -= part;
    }
}

static void say(const void *bytes, size_t count) {
    for (const uint8_t *next = bytes; count > 0;) {
        ssize_t written = write(4, next, count);
        if (written <= 0) exit(1);
        next += written;
        count -= (size_t)written;
    }
}

/// Puts a number of one or three bytes.
static uint8_t *put_number(uint8_t *place, unsigned number) {
    if (number < 24) {
        *place++ = (uint8_t)number;
    } else {
        *place++ = 0x19;
        *place++ = (uint8_t)(number >> 8);
        *place++ = (uint8_t)number;
    }
    return place;
}

static uint8_t *put(uint8_t *place, const char *bytes, size_t count) {
    memcpy(place, bytes, count);
    return place + count;
}

int main(int count, char **arguments) {
    if (count != 3) return 64;
    int is_binary = strcmp(arguments[1], "cbor") == 0;
    unsigned documents = (unsigned)atoi(arguments[2]);
    static uint8_t answers[1 << 16];
    skip_line();
    const char *hello = "{\"type\":\"hello\",\"protocol\":1,\"encoding\":\"%s\",\"name\":\"empty\",\"version\":\"1.0.0\","
                        "\"kind\":\"enrich\",\"determinism\":\"pure\"}\n";
    say(answers, (size_t)snprintf((char *)answers, sizeof answers, hello, arguments[1]));
    if (is_binary) {
        skip_item();
        say("\0\0\0\x0e\xa1\x64type\x67started", 18);
    } else {
        skip_line();
        say("{\"type\":\"started\"}\n", 19);
    }
    for (unsigned batch = 1;; batch++) {
        if (is_binary) skip_item();
        else skip_line();
        uint8_t *place = answers;
        for (unsigned index = 0; index < documents; index++) {
            if (!is_binary) {
                size_t left = sizeof answers - (size_t)(place - answers);
                const char *answer = "{\"type\":\"answer\",\"batch\":%u,\"index\":%u}\n";
                place += snprintf((char *)place, left, answer, batch, index);
                continue;
            }
            uint8_t *first = place;
            place = put(place, "\0\0\0\0\xa3\x64type\x66" "answer\x65" "batch", 23);
            place = put_number(place, batch);
            place = put(place, "\x65index", 6);
            place = put_number(place, index);
            first[3] = (uint8_t)(place - first - 4);
        }
        say(answers, (size_t)(place - answers));
    }
}
