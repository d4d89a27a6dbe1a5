// Philox on vectors: one block per 64-bit lane, so that a vector of blocks gives four vectors of floats in stream order.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "../philox.h"
#include "vector.h"

enum { blocks = LANES };  // blocks made at once
typedef uint64_t block_vector __attribute__((ext_vector_type(LANES)));
// Two words per block.
typedef uint32_t word_vector __attribute__((ext_vector_type(2 * LANES)));
typedef float number_vector __attribute__((ext_vector_type(2 * LANES)));

// Lanes of two block vectors in turn: those of the lower half, and of the upper half.
#if LANES == 4
#define COUNT_UP 0, 1, 2, 3
#define LOWER_TURNS 0, 4, 1, 5
#define UPPER_TURNS 2, 6, 3, 7
#elif LANES == 8
#define COUNT_UP 0, 1, 2, 3, 4, 5, 6, 7
#define LOWER_TURNS 0, 8, 1, 9, 2, 10, 3, 11
#define UPPER_TURNS 4, 12, 5, 13, 6, 14, 7, 15
#else
#define COUNT_UP 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
#define LOWER_TURNS 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define UPPER_TURNS 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#endif

INLINE void store_numbers(float *out, block_vector words) {
  number_vector numbers = __builtin_convertvector((word_vector)words >> 8, number_vector) * 0x1p-24f;
  memcpy(out, &numbers, sizeof numbers);
}

/// The uniform numbers of elements 4 * first..<4 * (first + blocks).
INLINE void uniform_numbers(uint64_t first, uint32_t key0, uint32_t key1, float *out) {
  const uint64_t low = 0xffffffffu;
  block_vector index = (block_vector){COUNT_UP} + first;
  block_vector c0 = index, c1 = index >> 32, c2 = 0, c3 = 0;
  uint64_t k0 = key0, k1 = key1;
  // The upper halves of the lanes hold leftovers, which the products ignore.
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
  store_numbers(out, __builtin_shufflevector(pairs01, pairs23, LOWER_TURNS));
  store_numbers(out + 2 * blocks, __builtin_shufflevector(pairs01, pairs23, UPPER_TURNS));
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
      // A product, so that a NaN stays one where it is dropped.
      store_up_to(y, value * (number >= rate ? splat(scale) : splat(0)), i, next.end);
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
