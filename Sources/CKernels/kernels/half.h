// Numbers of half the width, bfloat16: the upper half of single precision, rounded to the nearest, of two to the even one.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "vector.h"

typedef uint16_t half_vector __attribute__((ext_vector_type(LANES)));
typedef uint16_t unaligned_half_vector __attribute__((ext_vector_type(LANES), aligned(2), may_alias));
typedef uint32_t bit_vector __attribute__((ext_vector_type(LANES)));

INLINE uint16_t half_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  // A NaN may be one by its lower half alone.
  if (x != x) return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

INLINE half_vector halves_of(vector x) {
  bit_vector bits = (bit_vector)x;
  bit_vector rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16, kept = bits >> 16 | 0x40;
  bit_vector is_nan = (bit_vector)(x != x);
  return __builtin_convertvector((rounded & ~is_nan) | (kept & is_nan), half_vector);
}

/// `count` numbers, whole vectors of them.
INLINE void narrow_tile(const float *x, uint16_t *y, long count) {
  for (long i = 0; i < count; i += LANES) *(unaligned_half_vector *)(y + i) = halves_of(load(x + i));
}

static void narrow(const float *x, uint16_t *y, long count) {
  long whole = count / LANES * LANES;
  narrow_tile(x, y, whole);
  for (long i = whole; i < count; i++) y[i] = half_of(x[i]);
}
