// Random streams: Philox4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011), a pure function of key and
// counter, so that any piece of a stream can be made alone.
//
// Element i of a stream with key words key0, key1 is word i % 4 of the block whose counter words are
// (low 32 bits of i / 4, high 32 bits of i / 4, 0, 0). A block is made from (c0, c1, c2, c3), (k0, k1) by ten rounds of
//   p = c0 * 0xD2511F53, q = c2 * 0xCD9E8D57   (64-bit products of 32-bit words)
//   (c0, c1, c2, c3) = (high(q) ^ c1 ^ k0, low(q), high(p) ^ c3 ^ k1, low(p))
// where between two rounds k0 grows by 0x9E3779B9 and k1 by 0xBB67AE85, modulo 2^32.
// The uniform number of a word w is u = (w >> 8) * 2^-24, exact in float, in [0, 1).
#pragma once

#include <stdint.h>

/// y[i] = mean + deviation * z(i), for i in begin..<end, in double and rounded at the end.
///
/// z by Box and Muller from the words (a, b) = (w0, w1) and (w2, w3) of each block, in double: r = sqrt(-2 ln((a + 1) * 2^-32)),
/// t = 6.283185307179586 * (b * 2^-32); the two elements are r * cos t and r * sin t.
void drn_random_normal(float *y, long begin, long end, float mean, float deviation, uint32_t key0, uint32_t key1);
