// Powers of magnitudes, and masks by magnitude.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "elementary.h"

/// |x|^(whole + fraction), a whole power by squaring; 0 <= fraction < 1.
INLINE vector power_of_magnitude(vector x, long whole, float fraction) {
  vector base = magnitude(x), result = splat(1);
  if (fraction > 0) result = exponential(fraction * logarithm(base));
  for (; whole > 0; whole >>= 1) {
    if (whole & 1) result = result * base;
    base = base * base;
  }
  return result;
}

static void power(const float *x, float *y, long count, double exponent) {
  long whole = (long)(exponent - 1);
  float fraction = (float)(exponent - 1 - whole);
  for (long i = 0; i < count; i += LANES) {
    vector value = load_up_to(x, i, count, 0);
    store_up_to(y, value * power_of_magnitude(value, whole, fraction), i, count);
  }
}

static void power_derivative(const float *x, float *y, long count, double exponent) {
  long whole = (long)(exponent - 1);
  float fraction = (float)(exponent - 1 - whole), factor = (float)exponent;
  for (long i = 0; i < count; i += LANES) {
    vector value = load_up_to(x, i, count, 0);
    store_up_to(y, factor * power_of_magnitude(value, whole, fraction), i, count);
  }
}

/// Orders magnitudes as whole numbers, with NaN below all others.
INLINE uint32_t magnitude_key(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  bits &= 0x7fffffff;
  return bits > 0x7f800000 ? 0 : bits + 1;
}

/// The key of the last entry that is kept, found a byte at a time from the top (radix selection).
static void largest(const float *x, long x_pitch, long rows, long columns, long count, float *y, long y_pitch) {
  uint32_t least = 0, known = 0;
  long ties = count;
  for (int shift = 24; shift >= 0; shift -= 8) {
    long numbers[256] = {0};
    for (long row = 0; row < rows; row++) {
      for (long column = 0; column < columns; column++) {
        uint32_t key = magnitude_key(x[row * x_pitch + column]);
        if (((key ^ least) & known) == 0) numbers[key >> shift & 255]++;
      }
    }
    uint32_t byte = 255;
    for (; byte > 0 && ties > numbers[byte]; byte--) ties -= numbers[byte];
    least |= byte << shift;
    known |= (uint32_t)255 << shift;
  }
  for (long row = 0; row < rows; row++) {
    for (long column = 0; column < columns; column++) {
      uint32_t key = magnitude_key(x[row * x_pitch + column]);
      int is_kept = key > least || (key == least && ties-- > 0);
      y[row * y_pitch + column] = is_kept ? 1.0f : 0.0f;
    }
  }
}
