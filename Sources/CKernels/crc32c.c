#include "CKernels.h"

#include <string.h>

static const uint32_t polynomial = 0x82f63b78;

static uint32_t table[8][256];

static uint32_t crc32c_portable(uint32_t crc, const uint8_t *p, size_t n) {
    while (n >= 8) {
        uint32_t low = crc ^ ((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24);
        crc = table[7][low & 255] ^ table[6][low >> 8 & 255] ^ table[5][low >> 16 & 255] ^ table[4][low >> 24] ^
              table[3][p[4]] ^ table[2][p[5]] ^ table[1][p[6]] ^ table[0][p[7]];
        p += 8;
        n -= 8;
    }
    while (n--) crc = (crc >> 8) ^ table[0][(crc ^ *p++) & 255];
    return crc;
}

#if defined(__x86_64__)
#include <nmmintrin.h>
#define INSTRUCTIONS __attribute__((target("sse4.2")))
#define CRC_WORD(crc, word) ((uint32_t)_mm_crc32_u64(crc, word))
#define CRC_BYTE(crc, byte) _mm_crc32_u8(crc, byte)
static int has_instructions(void) { return __builtin_cpu_supports("sse4.2"); }
#elif defined(__aarch64__) && (defined(__linux__) || defined(__APPLE__))
#include <arm_acle.h>
#define INSTRUCTIONS __attribute__((target("crc")))
#define CRC_WORD(crc, word) __crc32cd(crc, word)
#define CRC_BYTE(crc, byte) __crc32cb(crc, byte)
#if defined(__linux__)
#include <sys/auxv.h>
static int has_instructions(void) { return (getauxval(AT_HWCAP) & 1 << 7) != 0; }  // HWCAP_CRC32
#else
static int has_instructions(void) { return 1; }
#endif
#endif

#if defined(INSTRUCTIONS)
// One instruction takes three cycles but another can begin each cycle: three stripes are taken through at once,
// and their checksums joined by moving the earlier ones over as many zeros as the later ones have bytes
// (Gopal et al., "Fast CRC Computation for iSCSI Polynomial Using CRC32 Instruction", 2011).
enum { long_stripe = 4096, short_stripe = 256 };

// What a checksum becomes over a stripe of zeros: the xor of one entry for each of its bytes.
static uint32_t over_long[4][256], over_short[4][256];

static uint32_t moved(uint32_t over[4][256], uint32_t crc) {
    return over[0][crc & 255] ^ over[1][crc >> 8 & 255] ^ over[2][crc >> 16 & 255] ^ over[3][crc >> 24];
}

// Moving is linear: only the entries of single bits are moved, the others are their sums.
static void fill_sums(uint32_t over[4][256]) {
    for (int byte = 0; byte < 4; byte++)
        for (uint32_t i = 1; i < 256; i++) over[byte][i] = over[byte][i & (i - 1)] ^ over[byte][i & -i];
}

static void fill_moves(void) {
    static const uint8_t zeros[short_stripe];
    for (int bit = 0; bit < 32; bit++)
        over_short[bit / 8][1 << bit % 8] = crc32c_portable(1u << bit, zeros, short_stripe);
    fill_sums(over_short);
    for (int bit = 0; bit < 32; bit++) {
        uint32_t crc = 1u << bit;
        for (int done = 0; done < long_stripe; done += short_stripe) crc = moved(over_short, crc);
        over_long[bit / 8][1 << bit % 8] = crc;
    }
    fill_sums(over_long);
}

INSTRUCTIONS static inline uint64_t word_at(const uint8_t *p) {
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}

// Checksums three stripes in a row; `n` is the length of one.
INSTRUCTIONS static inline uint32_t three_stripes(uint32_t crc, const uint8_t *p, size_t n, uint32_t over[4][256]) {
    uint32_t second = 0, third = 0;
    for (size_t i = 0; i < n; i += 8) {
        crc = CRC_WORD(crc, word_at(p + i));
        second = CRC_WORD(second, word_at(p + n + i));
        third = CRC_WORD(third, word_at(p + 2 * n + i));
    }
    return moved(over, moved(over, crc) ^ second) ^ third;
}

INSTRUCTIONS static uint32_t crc32c_by_instructions(uint32_t crc, const uint8_t *p, size_t n) {
    for (; n >= 3 * long_stripe; p += 3 * long_stripe, n -= 3 * long_stripe)
        crc = three_stripes(crc, p, long_stripe, over_long);
    for (; n >= 3 * short_stripe; p += 3 * short_stripe, n -= 3 * short_stripe)
        crc = three_stripes(crc, p, short_stripe, over_short);
    for (; n >= 8; p += 8, n -= 8) crc = CRC_WORD(crc, word_at(p));
    while (n--) crc = CRC_BYTE(crc, *p++);
    return crc;
}
#endif

__attribute__((constructor)) static void fill_tables(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int bit = 0; bit < 8; bit++) c = (c >> 1) ^ ((c & 1) ? polynomial : 0);
        table[0][i] = c;
    }
    for (uint32_t i = 0; i < 256; i++)
        for (int slice = 1; slice < 8; slice++)
            table[slice][i] = (table[slice - 1][i] >> 8) ^ table[0][table[slice - 1][i] & 255];
#if defined(INSTRUCTIONS)
    fill_moves();
#endif
}

uint32_t annals_crc32c(uint32_t crc, const void *bytes, size_t length) {
    crc = ~crc;
#if defined(INSTRUCTIONS)
    if (has_instructions()) return ~crc32c_by_instructions(crc, bytes, length);
#endif
    return ~crc32c_portable(crc, bytes, length);
}
