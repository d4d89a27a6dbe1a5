// Softmax, its cross entropy, and accuracy.
#pragma once

#include <stdint.h>

/// y = softmax of each row, for rows row_begin..<row_end; y may be x with the same pitch.
void drn_softmax(const float *x, long x_pitch, long row_begin, long row_end, long columns, float *y, long y_pitch);

/// dx = y * (dy - sum(dy * y)) by rows, where y is the softmax; dx may be dy with the same pitch.
void drn_softmax_gradient(
    const float *y, long y_pitch, const float *dy, long dy_pitch, long row_begin, long row_end, long columns, float *dx,
    long dx_pitch);

/// What the cross entropy compares with.
typedef struct drn_cross_entropy_options {
  float label_smoothing;       ///< e: the target is 1 - e + e/classes for the label's class, e/classes for others. 0: none.
  const float *class_weights;  ///< A factor per class on its term, or null.
  float gradient_scale;        ///< Factor on the gradient, usually 1/batch.
} drn_cross_entropy_options;

/// Cross entropy of softmax(logits) with the labels, for rows row_begin..<row_end, and its gradient in the same pass.
///
/// With q[c] = w[c] * target[c]: losses[row] = -sum q[c] log p[c]; gradient[row, c] = scale * (p[c] * sum(q) - q[c]).
/// `losses` or `gradient` may be null; gradient may be logits with the same pitch. A label outside 0..<classes makes its loss and its
/// gradient row NaN.
void drn_softmax_cross_entropy(
    const float *logits, long pitch, const int32_t *labels, long row_begin, long row_end, long classes,
    const drn_cross_entropy_options *options, float *losses, float *gradient, long gradient_pitch);

/// The number of rows in row_begin..<row_end whose label's logit is among the k largest; of equal logits the lower class comes first.
/// Labels out of range and NaN logits count as wrong.
long drn_count_correct(const float *logits, long pitch, const int32_t *labels, long row_begin, long row_end, long classes, long k);
