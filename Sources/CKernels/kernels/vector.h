// Vectors of LANES floats, for the variant being compiled. Included by variant_*.c, which define LANES.
//
// A product and a sum in one expression become one FMA where the variant has it (clang's -ffp-contract=on), in two statements never.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include <stdint.h>
#include <string.h>

// Wide vectors pass between functions that are always inlined, so how a call would pass them does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))

typedef float vector __attribute__((ext_vector_type(LANES)));
typedef int32_t int_vector __attribute__((ext_vector_type(LANES)));
typedef double wide __attribute__((ext_vector_type(LANES)));
typedef float unaligned_vector __attribute__((ext_vector_type(LANES), aligned(4), may_alias));

INLINE vector load(const float *p) { return *(const unaligned_vector *)p; }
INLINE void store(float *p, vector x) { *(unaligned_vector *)p = x; }
INLINE vector splat(float x) { return (vector)(x); }
INLINE wide widen(vector x) { return __builtin_convertvector(x, wide); }
INLINE int_vector as_ints(vector x) { return (int_vector)x; }
INLINE vector as_floats(int_vector x) { return (vector)x; }

/// The larger; y if either is NaN.
INLINE vector larger(vector x, vector y) { return x > y ? x : y; }
/// The smaller; y if either is NaN.
INLINE vector smaller(vector x, vector y) { return x < y ? x : y; }
/// x where it is NaN, else y.
INLINE vector nan_or(vector x, vector y) { return x != x ? x : y; }
INLINE vector magnitude(vector x) { return as_floats(as_ints(x) & 0x7fffffff); }
INLINE vector square_root(vector x) { return __builtin_elementwise_sqrt(x); }

#if LANES == 16 && defined(__x86_64__)
/// The first `count` < LANES floats at p, and `fill` in the other lanes.
INLINE vector load_partial(const float *p, long count, float fill) {
  return (vector)_mm512_mask_loadu_ps((__m512)splat(fill), (__mmask16)((1u << count) - 1), p);
}

INLINE void store_partial(float *p, vector x, long count) { _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), (__m512)x); }
#else
INLINE vector load_partial(const float *p, long count, float fill) {
  float lanes[LANES];
  for (long i = 0; i < LANES; i++) lanes[i] = i < count ? p[i] : fill;
  return load(lanes);
}

INLINE void store_partial(float *p, vector x, long count) {
  float lanes[LANES];
  store(lanes, x);
  for (long i = 0; i < count; i++) p[i] = lanes[i];
}
#endif

/// Whatever is left of a row of `columns` from `column` on, at most LANES.
INLINE vector load_up_to(const float *p, long column, long columns, float fill) {
  return column + LANES <= columns ? load(p + column) : load_partial(p + column, columns - column, fill);
}

INLINE void store_up_to(float *p, vector x, long column, long columns) {
  if (column + LANES <= columns) store(p + column, x);
  else store_partial(p + column, x, columns - column);
}

/// Sum of the lanes in a fixed order: halves are added until one lane is left.
INLINE float sum_lanes(vector x) {
  float lanes[LANES];
  store(lanes, x);
  for (int width = LANES / 2; width > 0; width /= 2) {
    for (int i = 0; i < width; i++) lanes[i] += lanes[i + width];
  }
  return lanes[0];
}

INLINE double sum_wide(wide x) {
  double lanes[LANES];
  memcpy(lanes, &x, sizeof lanes);
  for (int width = LANES / 2; width > 0; width /= 2) {
    for (int i = 0; i < width; i++) lanes[i] += lanes[i + width];
  }
  return lanes[0];
}

INLINE float max_lanes(vector x) {
  float lanes[LANES];
  store(lanes, x);
  for (int width = LANES / 2; width > 0; width /= 2) {
    for (int i = 0; i < width; i++) lanes[i] = lanes[i] > lanes[i + width] ? lanes[i] : lanes[i + width];
  }
  return lanes[0];
}
