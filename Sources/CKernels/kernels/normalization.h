// Layer normalization by rows.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "vector.h"

INLINE vector scale_or_one(const float *scale, long column, long columns) {
  return scale ? load_up_to(scale, column, columns, 0) : splat(1);
}

INLINE vector offset_or_zero(const float *offset, long column, long columns) {
  return offset ? load_up_to(offset, column, columns, 0) : splat(0);
}

/// The sum of x - shift over a row, or of its squares.
INLINE float sum_deviations(const float *x, float shift, int squared, long columns) {
  vector even = splat(0), odd = splat(0);
  long i = 0;
  for (; i + 2 * LANES <= columns; i += 2 * LANES) {
    vector one = load(x + i) - shift, two = load(x + i + LANES) - shift;
    even += squared ? one * one : one;
    odd += squared ? two * two : two;
  }
  for (; i < columns; i += LANES) {
    vector one = load_up_to(x, i, columns, shift) - shift;
    even += squared ? one * one : one;
  }
  return sum_lanes(even + odd);
}

static void layer_norm(
    const float *x, long x_pitch, long row_begin, long row_end, long columns, const float *scale, const float *offset,
    float epsilon, float *y, long y_pitch, float *mean, float *rstd) {
  for (long row = row_begin; row < row_end; row++) {
    const float *in = x + row * x_pitch;
    float *out = y + row * y_pitch;
    float center = sum_deviations(in, 0, 0, columns) / (float)columns;
    float variance = sum_deviations(in, center, 1, columns) / (float)columns;
    float factor = 1 / __builtin_sqrtf(variance + epsilon);
    mean[row] = center;
    rstd[row] = factor;
    for (long i = 0; i < columns; i += LANES) {
      vector normal = (load_up_to(in, i, columns, 0) - center) * factor;
      store_up_to(out, normal * scale_or_one(scale, i, columns) + offset_or_zero(offset, i, columns), i, columns);
    }
  }
}

static void layer_norm_gradient(
    const float *dy, long dy_pitch, const float *x, long x_pitch, long row_begin, long row_end, long columns, const float *scale,
    const float *mean, const float *rstd, float *dx, long dx_pitch) {
  for (long row = row_begin; row < row_end; row++) {
    const float *upstream = dy + row * dy_pitch, *in = x + row * x_pitch;
    float center = mean[row], factor = rstd[row];
    vector sum = splat(0), product = splat(0);
    for (long i = 0; i < columns; i += LANES) {
      vector scaled = load_up_to(upstream, i, columns, 0) * scale_or_one(scale, i, columns);
      sum += scaled;
      product += scaled * (load_up_to(in, i, columns, center) - center);
    }
    float mean_sum = sum_lanes(sum) / (float)columns, mean_product = sum_lanes(product) * factor / (float)columns;
    for (long i = 0; i < columns; i += LANES) {
      vector scaled = load_up_to(upstream, i, columns, 0) * scale_or_one(scale, i, columns);
      vector normal = (load_up_to(in, i, columns, center) - center) * factor;
      store_up_to(dx + row * dx_pitch, factor * (scaled - mean_sum - normal * mean_product), i, columns);
    }
  }
}

static void layer_norm_parameter_gradient(
    const float *dy, long dy_pitch, const float *x, long x_pitch, long row_begin, long row_end, long columns, const float *mean,
    const float *rstd, float *dscale, float *doffset) {
  for (long i = 0; i < columns; i += LANES) {
    vector scale_sum = splat(0), offset_sum = splat(0);
    for (long row = row_begin; row < row_end; row++) {
      vector upstream = load_up_to(dy + row * dy_pitch, i, columns, 0);
      scale_sum += upstream * ((load_up_to(x + row * x_pitch, i, columns, 0) - mean[row]) * rstd[row]);
      offset_sum += upstream;
    }
    store_up_to(dscale, scale_sum, i, columns);
    store_up_to(doffset, offset_sum, i, columns);
  }
}
