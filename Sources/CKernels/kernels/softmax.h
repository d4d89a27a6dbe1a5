// The cross entropy of the softmax, a row at a time.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "elementary.h"

/// The largest element of a row; NaNs are passed over, which the sum of exponentials then reveals.
INLINE float row_maximum(const float *x, long columns) {
  vector even = splat(-__builtin_inff()), odd = even;
  long i = 0;
  for (; i + 2 * LANES <= columns; i += 2 * LANES) {
    even = larger(load(x + i), even);
    odd = larger(load(x + i + LANES), odd);
  }
  for (; i < columns; i += LANES) even = larger(load_up_to(x, i, columns, -__builtin_inff()), even);
  return max_lanes(larger(even, odd));
}

/// y = e^(x - maximum), and the sum of y; y may be x.
INLINE float exponentials(const float *x, float maximum, long columns, float *y) {
  vector even = splat(0), odd = splat(0);
  long i = 0;
  for (; i + 2 * LANES <= columns; i += 2 * LANES) {
    vector one = exponential(load(x + i) - maximum), two = exponential(load(x + i + LANES) - maximum);
    store(y + i, one);
    store(y + i + LANES, two);
    even += one;
    odd += two;
  }
  for (; i < columns; i += LANES) {
    vector one = exponential(load_up_to(x, i, columns, -__builtin_inff()) - maximum);
    store_up_to(y, one, i, columns);
    even += one;
  }
  return sum_lanes(even + odd);
}

/// The smoothing part of the target, the same for every class but for the class weights: their sum, and that of their products with x.
typedef struct {
  float weight;
  float weighted_logits;
} smoothing_sums;

/// Sums over all classes of w and of w * (x - maximum), with the weights w or ones.
INLINE smoothing_sums sum_smoothing(const float *x, float maximum, const float *weights, long classes) {
  vector weight = splat(0), products = splat(0);
  for (long i = 0; i < classes; i += LANES) {
    // Lanes behind the last class have weight 0 and a difference of 0.
    vector w = weights ? load_up_to(weights, i, classes, 0) : splat(1);
    weight += w;
    products += w * (load_up_to(x, i, classes, maximum) - maximum);
  }
  smoothing_sums sums = {weights ? sum_lanes(weight) : (float)classes, sum_lanes(products)};
  return sums;
}

INLINE void fill_nan(float *p, long count) {
  for (long i = 0; i < count; i++) p[i] = __builtin_nanf("");
}

/// gradient = factor * exponentials - scale * smoothing * weights, where gradient holds the exponentials.
INLINE void scale_gradient(float *gradient, float factor, float smoothing, const float *weights, long classes) {
  for (long i = 0; i < classes; i += LANES) {
    vector value = load_up_to(gradient, i, classes, 0) * factor;
    if (smoothing != 0) value = value - smoothing * (weights ? load_up_to(weights, i, classes, 0) : splat(1));
    store_up_to(gradient, value, i, classes);
  }
}

/// The sum of exponentials of a row without storing them.
INLINE float sum_exponentials(const float *x, float maximum, long columns) {
  vector sum = splat(0);
  for (long i = 0; i < columns; i += LANES) sum += exponential(load_up_to(x, i, columns, -__builtin_inff()) - maximum);
  return sum_lanes(sum);
}

static void cross_entropy_row(
    const float *x, long label, long classes, const drn_cross_entropy_options *options, float *loss, float *gradient) {
  const float *weights = options->class_weights;
  float smoothing = options->label_smoothing / (float)classes, maximum = row_maximum(x, classes);
  // The logits may be overwritten by the gradient: read what is needed of them first.
  float label_weight = (1 - options->label_smoothing) * (weights ? weights[label] : 1);
  smoothing_sums sums = {0, 0};
  if (smoothing != 0) sums = sum_smoothing(x, maximum, weights, classes);
  float target_sum = label_weight + smoothing * sums.weight;
  float target_logits = label_weight * (x[label] - maximum) + smoothing * sums.weighted_logits;
  float sum = gradient ? exponentials(x, maximum, classes, gradient) : sum_exponentials(x, maximum, classes);
  if (loss) *loss = logarithm(splat(sum))[0] * target_sum - target_logits;
  if (!gradient) return;
  float scale = options->gradient_scale;
  scale_gradient(gradient, scale * target_sum / sum, scale * smoothing, weights, classes);
  gradient[label] -= scale * label_weight;
}

static void log_softmax(const float *x, long x_pitch, long row_begin, long row_end, long columns, float *y, long y_pitch) {
  for (long row = row_begin; row < row_end; row++) {
    const float *from = x + row * x_pitch;
    float *to = y + row * y_pitch, maximum = row_maximum(from, columns);
    float log_sum = logarithm(splat(sum_exponentials(from, maximum, columns)))[0];
    for (long i = 0; i < columns; i += LANES) store_up_to(to, load_up_to(from, i, columns, maximum) - maximum - log_sum, i, columns);
  }
}

static void softmax_cross_entropy(
    const float *logits, long pitch, const int32_t *labels, long row_begin, long row_end, long classes,
    const drn_cross_entropy_options *options, float *losses, float *gradient, long gradient_pitch) {
  for (long row = row_begin; row < row_end; row++) {
    float *loss = losses ? losses + row : 0, *row_gradient = gradient ? gradient + row * gradient_pitch : 0;
    if (labels[row] >= 0 && labels[row] < classes) {
      cross_entropy_row(logits + row * pitch, labels[row], classes, options, loss, row_gradient);
      continue;
    }
    if (loss) *loss = __builtin_nanf("");
    if (row_gradient) fill_nan(row_gradient, classes);
  }
}
