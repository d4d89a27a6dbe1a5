// Adam's update, which as a map program would take twice the time: its many short operations each pass over the tile.
#pragma once

/// What one step of Adam needs to know besides its arrays.
typedef struct drn_adam_options {
  float rate;
  float beta1, beta2;
  float epsilon;
  float first_correction;   ///< 1 / (1 - beta1^t) at step t = 1, 2, ...
  float second_correction;  ///< 1 / (1 - beta2^t).
  float coupled_decay;      ///< Times w, added to the gradient (Adam with an L2 penalty). 0: none.
  float decoupled_decay;    ///< Times rate * w, taken from w (AdamW). 0: none.
} drn_adam_options;

/// One step of Adam (Kingma & Ba 2015, algorithm 1) or AdamW (Loshchilov & Hutter 2019, algorithm 2) on rows row_begin..<row_end and
/// columns col_begin..<col_end of four arrays of the same pitch, updating weights, first and second moments in place:
///   g = gradient + coupled_decay * w;  m = beta1 * m + (1 - beta1) * g;  v = beta2 * v + (1 - beta2) * g^2;
///   w = w - rate * (m * first_correction / (sqrt(v * second_correction) + epsilon) + decoupled_decay * w).
void drn_adam(
    float *weights, float *first_moment, float *second_moment, const float *gradient, long pitch, long row_begin, long row_end,
    long col_begin, long col_end, const drn_adam_options *options);
