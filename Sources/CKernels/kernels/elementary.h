// Elementary functions on vectors. The polynomials are weighted minimax fits made for these intervals; their own relative error is under
// 1e-8 (absolute for the error function), so that rounding decides the accuracy stated in drn/map_functions.inc.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "vector.h"

/// e^x: x = n ln 2 + r, |r| <= ln 2 / 2, and 2^n in two factors so that neither overflows before the result does.
INLINE vector exponential(vector x) {
  const float rounder = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer, in the low bits
  x = x > 89.0f ? splat(89.0f) : x;
  x = x < -105.0f ? splat(-105.0f) : x;
  vector shifted = x * 1.44269504f + rounder;
  vector n = shifted - rounder;
  vector r = x - n * 0.693145752f;
  r = r - n * 1.42860677e-06f;
  vector p = r * 0.00138131424f + 0.00836941879f;
  p = p * r + 0.041668456f;
  p = p * r + 0.166665152f;
  p = p * r + 0.49999994f;
  p = p * (r * r) + r;
  p = p + 1.0f;
  int_vector exponent = as_ints(shifted) - 0x4b400000;
  int_vector half = exponent >> 1;
  return p * as_floats((half + 127) << 23) * as_floats((exponent - half + 127) << 23);
}

/// ln x: x = 2^e (1 + f) with 1 + f between sqrt 1/2 and sqrt 2.
INLINE vector logarithm(vector x) {
  const int32_t root_half = 0x3f3504f3;
  int_vector denormal = x < 1.17549435e-38f;
  vector scaled = denormal ? x * 8388608.0f : x;
  int_vector bits = as_ints(scaled) - root_half;
  vector e = __builtin_convertvector(bits >> 23, vector);
  e = denormal ? e - 23.0f : e;
  vector f = as_floats((bits & 0x7fffff) + root_half) - 1.0f;
  vector p = f * 0.0676851571f - 0.117131032f;
  p = p * f + 0.118988879f;
  p = p * f - 0.124005437f;
  p = p * f + 0.142175436f;
  p = p * f - 0.166681871f;
  p = p * f + 0.200022161f;
  p = p * f - 0.250000089f;
  p = p * f + 0.333333105f;
  vector square = f * f;
  vector low = p * (square * f) + e * 1.42860677e-06f;
  low = low - 0.5f * square;
  vector result = low + f;
  result = e * 0.693145752f + result;
  result = x == __builtin_inff() ? x : result;
  result = x == 0.0f ? splat(-__builtin_inff()) : result;
  return x >= 0.0f ? result : splat(__builtin_nanf(""));
}

INLINE vector with_sign_of(vector size, vector x) {
  return as_floats((as_ints(size) & 0x7fffffff) | (as_ints(x) & (int32_t)0x80000000));
}

/// tanh x: an odd polynomial near 0, beyond 0.625 by the exponential.
INLINE vector hyperbolic_tangent(vector x) {
  vector square = x * x;
  vector p = square * -0.0056483075f + 0.0205898173f;
  p = p * square - 0.0537251234f;
  p = p * square + 0.133312747f;
  p = p * square - 0.333332747f;
  vector near = p * (square * x) + x;
  vector size = magnitude(x);
  vector far = 1.0f - 2.0f / (exponential(size + size) + 1.0f);
  return size < 0.625f ? near : with_sign_of(far, x);
}

INLINE vector sigmoid(vector x) { return 1.0f / (1.0f + exponential(-x)); }

/// erf x: an odd polynomial up to 1, beyond 1 - e^q with q a fit of ln(1 - erf).
INLINE vector error_function(vector x) {
  vector square = x * x;
  vector p = square * 7.85385782e-05f - 0.000801019254f;
  p = p * square + 0.00518832775f;
  p = p * square - 0.026853811f;
  p = p * square + 0.112835854f;
  p = p * square - 0.37612626f;
  p = p * square + 1.12837911f;
  vector size = magnitude(x);
  vector t = size > 4.0f ? splat(4.0f) : size;
  vector q = t * 0.000187972546f - 0.00296401419f;
  q = q * t + 0.0219065081f;
  q = q * t - 0.10325627f;
  q = q * t - 0.637964904f;
  q = q * t - 1.12720227f;
  q = q * t - 0.000312459742f;
  vector far = 1.0f - exponential(q);
  return size <= 1.0f ? p * x : with_sign_of(far, x);
}

/// The standard normal distribution function.
INLINE vector normal_distribution(vector x) { return 0.5f * error_function(x * 0.707106781f) + 0.5f; }

INLINE vector gelu(vector x) { return x * normal_distribution(x); }

INLINE vector gelu_gradient(vector x) {
  vector density = exponential(x * x * -0.5f) * 0.398942280f;
  return x * density + normal_distribution(x);
}
