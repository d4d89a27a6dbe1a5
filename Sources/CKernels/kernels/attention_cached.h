// Attention of a few further positions of a sequence to all before them, by caches of keys and values: one query at a time. Keys lie as
// columns, so that scores of neighbouring positions are taken together and no sum goes across the lanes of a vector but that of the weights.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "attention_rows.h"

enum { cached_blocks = 4 };

/// x[i] for i from `first` on, LANES at a time, as far as `count`: sums over `terms` of factor times row.
INLINE void sum_rows_of_cache(
    const int vectors, const float *factors, const float *rows, long pitch, long terms, long first, long count, float *to) {
  vector sum[cached_blocks];
  UNROLL for (int n = 0; n < vectors; n++) sum[n] = splat(0);
  for (long term = 0; term < terms; term++) {
    vector factor = splat(factors[term]);
    const float *row = rows + term * pitch;
    UNROLL for (int n = 0; n < vectors; n++) sum[n] = factor * load_up_to(row, first + n * LANES, count, 0) + sum[n];
  }
  UNROLL for (int n = 0; n < vectors; n++) store_up_to(to, sum[n], first + n * LANES, count);
}

/// to[i] = sum over terms of factors[term] * rows[term * pitch + i], for i < count, each in the order of the terms.
static void sum_cached_rows(const float *factors, const float *rows, long pitch, long terms, long count, float *to) {
  long first = 0;
  for (; first + cached_blocks * LANES <= count; first += cached_blocks * LANES) {
    sum_rows_of_cache(cached_blocks, factors, rows, pitch, terms, first, first + cached_blocks * LANES, to);
  }
  for (; first < count; first += LANES) sum_rows_of_cache(1, factors, rows, pitch, terms, first, count, to);
}

/// Weights of sum 1 but for a factor, in place of scores; gives the factor.
static float weigh(float *scores, long count) {
  vector largest = splat(-__builtin_inff()), sum = splat(0);
  for (long i = 0; i < count; i += LANES) {
    vector x = load_up_to(scores, i, count, -__builtin_inff());
    // NaN stays: `larger` gives its second operand where the first is none.
    largest = nan_or(largest, larger(largest, x));
  }
  float lanes[LANES], most = -__builtin_inff();
  store(lanes, largest);
  for (int i = 0; i < LANES; i++) most = most != most || most > lanes[i] ? most : lanes[i];
  for (long i = 0; i < count; i += LANES) {
    vector weight = exponential(load_up_to(scores, i, count, -__builtin_inff()) - most);
    store_up_to(scores, weight, i, count);
    // Behind the last position there is nothing, whatever `most` is.
    sum += load_up_to(scores, i, count, 0);
  }
  return 1.0f / sum_lanes(sum);
}

static void attend_cached(const drn_cached_attention *group, float *work) {
  const long size = group->size, width = round_to_block(size);
  float *row = work, *scores = work + width;
  for (long i = 0; i < group->count; i++) {
    const long t = group->positions[i];
    if (t < 0 || t >= group->length) {
      zero_positions(group->y, i, i + 1, size * group->heads);
      continue;
    }
    const float *rotation = group->rotation ? group->rotation + t * size : 0;
    drn_positions key = {group->k.rows + i * group->k.pitch, group->k.pitch};
    load_positions(key, 0, 1, size, 1, rotation, row, width);
    for (long column = 0; column < size; column++) group->keys.rows[column * group->keys.pitch + t] = row[column];
    memcpy(group->values.rows + t * group->values.pitch, group->v.rows + i * group->v.pitch, (size_t)size * sizeof *row);
    for (long head = 0; head < group->heads; head++) {
      drn_positions query = {group->q.rows + i * group->q.pitch + head * size, group->q.pitch};
      float *y = group->y.rows + i * group->y.pitch + head * size;
      load_positions(query, 0, 1, size, group->scale, rotation, row, width);
      sum_cached_rows(row, group->keys.rows, group->keys.pitch, size, t + 1, scores);
      float factor = weigh(scores, t + 1);
      sum_cached_rows(scores, group->values.rows, group->values.pitch, t + 1, size, row);
      for (long column = 0; column < size; column += LANES) {
        store_up_to(y, load_up_to(row, column, size, 0) * factor, column, size);
      }
    }
  }
}
