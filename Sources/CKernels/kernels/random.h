// Philox on vectors: one block per 64-bit lane, so that a vector of blocks gives four vectors of floats in stream order.
#pragma once

#include "../philox.h"
#include "vector.h"

enum { blocks = LANES };  // blocks made at once
typedef uint64_t block_vector __attribute__((ext_vector_type(LANES)));

/// The uniform numbers of elements 4 * first..<4 * (first + blocks).
INLINE void uniform_numbers(uint64_t first, uint32_t key0, uint32_t key1, float *out) {
  const uint64_t low = 0xffffffffu;
  block_vector index;
  for (int i = 0; i < blocks; i++) index[i] = first + (uint64_t)i;
  block_vector c0 = index, c1 = index >> 32, c2 = 0, c3 = 0;
  uint64_t k0 = key0, k1 = key1;
  for (int round = 0; round < 10; round++) {
    block_vector p = (c0 & low) * 0xD2511F53u, q = (c2 & low) * 0xCD9E8D57u;
    c0 = (q >> 32) ^ c1 ^ k0;
    c2 = (p >> 32) ^ c3 ^ k1;
    c1 = q;
    c3 = p;
    k0 = (k0 + 0x9E3779B9u) & low;
    k1 = (k1 + 0xBB67AE85u) & low;
  }
  block_vector pairs01 = (c0 & low) | (c1 << 32), pairs23 = (c2 & low) | (c3 << 32);
  uint64_t words[2 * blocks];
  for (int i = 0; i < blocks; i++) {
    words[2 * i] = pairs01[i];
    words[2 * i + 1] = pairs23[i];
  }
  for (int i = 0; i < 4 * blocks; i += LANES) {
    int_vector word;
    memcpy(&word, (const char *)words + 4 * i, sizeof word);
    typedef uint32_t word_vector __attribute__((ext_vector_type(LANES)));
    int_vector top = (int_vector)((word_vector)word >> 8);
    store(out + i, __builtin_convertvector(top, vector) * 0x1p-24f);
  }
}

/// A piece of the stream that one call of `uniform_numbers` makes, cut to the elements asked for.
typedef struct {
  float numbers[4 * blocks];
  long begin, end;      // elements
  const float *values;  // the number of element `begin`
} piece;

/// The piece that holds element `begin`.
INLINE void make_piece(piece *next, long begin, long end, uint32_t key0, uint32_t key1) {
  long first = begin / 4;
  uniform_numbers((uint64_t)first, key0, key1, next->numbers);
  next->begin = begin;
  next->end = end < 4 * (first + blocks) ? end : 4 * (first + blocks);
  next->values = next->numbers + (begin - 4 * first);
}

static void dropout(const float *x, float *y, long begin, long end, float rate, uint32_t key0, uint32_t key1) {
  // At rate 1 nothing is kept, and no 1 / 0 may reach the product.
  float scale = rate < 1 ? 1 / (1 - rate) : 0;
  piece next;
  for (long start = begin; start < end; start = next.end) {
    make_piece(&next, start, end, key0, key1);
    for (long i = start; i < next.end; i += LANES) {
      vector value = load_up_to(x, i, next.end, 0), number = load_up_to(next.values - start, i, next.end, 0);
      store_up_to(y, number >= rate ? value * scale : splat(0), i, next.end);
    }
  }
}

static void random_uniform(float *y, long begin, long end, float lower, float upper, uint32_t key0, uint32_t key1) {
  float range = upper - lower;
  piece next;
  for (long start = begin; start < end; start = next.end) {
    make_piece(&next, start, end, key0, key1);
    for (long i = start; i < next.end; i += LANES) {
      vector product = load_up_to(next.values - start, i, next.end, 0) * range;
      vector sum = product + lower;
      store_up_to(y, sum, i, next.end);
    }
  }
}
