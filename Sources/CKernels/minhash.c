#include "CKernels.h"

// What picks a clone runs while the program is loaded, before a sanitizer's runtime is ready for
// instrumented code: under one there is only the portable form.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define SANITIZED
#endif
#endif

#if defined(__x86_64__) && !defined(SANITIZED)
#define WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDE
#endif

enum { block = 64 };

// Lanes outside, shingles inside: a block of minima stays in registers while all shingles stream past it.
WIDE static void minhash_block(const uint32_t *shingles, size_t count, const uint32_t *multiplier,
                               const uint32_t *increment, uint32_t *minima) {
    uint32_t a[block], b[block], m[block];
    for (int lane = 0; lane < block; lane++) {
        a[lane] = multiplier[lane];
        b[lane] = increment[lane];
        m[lane] = minima[lane];
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t x = shingles[i];
        for (int lane = 0; lane < block; lane++) {
            uint32_t h = a[lane] * x + b[lane];
            m[lane] = h < m[lane] ? h : m[lane];
        }
    }
    for (int lane = 0; lane < block; lane++) minima[lane] = m[lane];
}

void annals_minhash(const uint32_t *shingles, size_t shingle_count, const uint32_t *multiplier,
                    const uint32_t *increment, uint32_t *minima, size_t lanes) {
    size_t lane = 0;
    for (; lane + block <= lanes; lane += block)
        minhash_block(shingles, shingle_count, multiplier + lane, increment + lane, minima + lane);
    for (; lane < lanes; lane++)
        for (size_t i = 0; i < shingle_count; i++) {
            uint32_t h = multiplier[lane] * shingles[i] + increment[lane];
            if (h < minima[lane]) minima[lane] = h;
        }
}
