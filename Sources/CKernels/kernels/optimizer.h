// Adam's update in one pass.
#pragma once

#include "vector.h"

static void adam_row(float *w, float *m, float *v, const float *g, long columns, const drn_adam_options *options) {
  float rest1 = 1 - options->beta1, rest2 = 1 - options->beta2;
  float step = options->rate * options->first_correction, keep = 1 - options->rate * options->decoupled_decay;
  for (long i = 0; i < columns; i += LANES) {
    vector weight = load_up_to(w, i, columns, 0);
    vector gradient = load_up_to(g, i, columns, 0) + options->coupled_decay * weight;
    vector first = load_up_to(m, i, columns, 0) * options->beta1 + gradient * rest1;
    vector second = load_up_to(v, i, columns, 0) * options->beta2 + gradient * gradient * rest2;
    vector size = square_root(second * options->second_correction) + options->epsilon;
    store_up_to(m, first, i, columns);
    store_up_to(v, second, i, columns);
    store_up_to(w, weight * keep - first * step / size, i, columns);
  }
}

static void adam(
    float *weights, float *first_moment, float *second_moment, const float *gradient, long pitch, long row_begin, long row_end,
    long col_begin, long col_end, const drn_adam_options *options) {
  // A copy, which stores to the arrays cannot change.
  drn_adam_options constants = *options;
  for (long row = row_begin; row < row_end; row++) {
    long start = row * pitch + col_begin;
    adam_row(
        weights + start, first_moment + start, second_moment + start, gradient + start, col_end - col_begin, &constants);
  }
}
