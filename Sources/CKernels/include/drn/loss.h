// Losses.
#pragma once

/// What the cross entropy compares with.
typedef struct drn_cross_entropy_options {
  float label_smoothing;       ///< e: the target is 1 - e + e/classes for the label's class, e/classes for others. 0: none.
  const float *class_weights;  ///< A factor per class on its term, or null.
  float gradient_scale;        ///< Factor on the gradient, usually 1/batch.
} drn_cross_entropy_options;
