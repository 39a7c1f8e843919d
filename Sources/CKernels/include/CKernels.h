#pragma once
#include <stddef.h>
#include <stdint.h>

/// CRC32C (Castagnoli, RFC 3720 appendix B.4) of `length` bytes, continuing from `crc` (0 to begin).
uint32_t annals_crc32c(uint32_t crc, const void *bytes, size_t length);

/// Lowers each of `lanes` minima to the smallest of itself and `multiplier[lane] * shingle + increment[lane]` (mod 2^32) over all shingles.
void annals_minhash(const uint32_t *shingles, size_t shingle_count, const uint32_t *multiplier,
                    const uint32_t *increment, uint32_t *minima, size_t lanes);
