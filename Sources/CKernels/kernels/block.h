// Blocks of 16 floats, whatever the width of a register: the unit in which convolutions hold channels.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "vector.h"

enum { block_size = 16 };

typedef float block __attribute__((ext_vector_type(16)));
typedef float unaligned_block __attribute__((ext_vector_type(16), aligned(4), may_alias));

INLINE block load_block(const float *p) { return *(const unaligned_block *)p; }
INLINE void store_block(float *p, block x) { *(unaligned_block *)p = x; }
INLINE block splat_block(float x) { return (block)(x); }
INLINE long round_to_block(long count) { return (count + block_size - 1) / block_size * block_size; }

#if LANES == 16 && defined(__x86_64__)
/// The first `count` floats at p, at most 16, and 0 in the other lanes.
INLINE block load_block_part(const float *p, long count) {
  return count >= block_size ? load_block(p) : (block)load_partial(p, count, 0);
}

INLINE void store_block_part(float *p, block x, long count) {
  if (count >= block_size) store_block(p, x);
  else store_partial(p, (vector)x, count);
}
#else
INLINE block load_block_part(const float *p, long count) {
  if (count >= block_size) return load_block(p);
  float lanes[block_size];
  for (long i = 0; i < block_size; i++) lanes[i] = i < count ? p[i] : 0;
  return load_block(lanes);
}

INLINE void store_block_part(float *p, block x, long count) {
  if (count >= block_size) return store_block(p, x);
  float lanes[block_size];
  store_block(lanes, x);
  for (long i = 0; i < count; i++) p[i] = lanes[i];
}
#endif

/// Accumulators that fit the registers beside the operands.
#if LANES == 16
#define ACCUMULATORS 16
#elif LANES == 8
#define ACCUMULATORS 4
#else
#define ACCUMULATORS 2
#endif
#define UNROLL _Pragma("clang loop unroll(full)")
