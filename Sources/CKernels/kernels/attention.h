// Attention of a block of queries at a time. Scores stand as a row for each key with a column for each query, so that the softmax goes
// across vectors and not within them; they are never stored outside the work space.
//
// What a query does not see takes no part in any sum, not even with the factor 0: there may be NaN.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "attention_rows.h"

/// The keys that the last of `count` queries from `first` on sees.
INLINE long keys_of_block(const drn_attention *head, long first, long count) { return head->causal ? first + count : head->length; }

/// Queries from `first` on that are worked on together.
INLINE long queries_of_block(const drn_attention *head, long first, long end) {
  long last = end < head->length ? end : head->length;
  return last - first < attention_block ? last - first : attention_block;
}

/// Columns of the scores of so many queries: whole blocks.
INLINE long score_columns(long queries) { return queries > block_size ? attention_block : block_size; }

/// Scores of keys first..<last by a block of transposed queries.
INLINE void multiply_scores(const float *keys, long width, const float *transposed, long size, long count, long columns, float *scores) {
  small_product p = {keys, width, 1, transposed, attention_block, scores, attention_block, 0};
  multiply_small(&p, count, size, columns);
}

/// `value` where a query, in lanes from `query` on, does not see a key.
INLINE vector unseen(vector x, long key, long query, float value) {
  int_vector lane;
  for (int i = 0; i < LANES; i++) lane[i] = i;
  return lane < (int32_t)(key - query) ? splat(value) : x;
}

/// Replaces scores by weights of sum 1 but for a factor: its inverse and the logarithm of the sum of exponentials go to `factors` and
/// `logarithms`. Queries begin at `first`; of a causal attention key j is seen by query first + i where j <= first + i.
static void exponentiate(float *scores, long keys, long first, long columns, int causal, float *factors, float *logarithms) {
  for (long i = 0; i < columns; i += LANES) {
    float *x = scores + i;
    vector largest = splat(-__builtin_inff()), even = splat(0), odd = even;
    for (long key = causal ? first + i + 1 : keys; key < keys; key++) {
      float *masked = x + key * attention_block;
      store(masked, unseen(load(masked), key, first + i, -__builtin_inff()));
    }
    for (long key = 0; key < keys; key++) largest = larger(load(x + key * attention_block), largest);
    long key = 0;
    for (; key + 2 <= keys; key += 2) {
      float *one = x + key * attention_block, *two = one + attention_block;
      vector first_weight = exponential(load(one) - largest), second_weight = exponential(load(two) - largest);
      store(one, first_weight);
      store(two, second_weight);
      even += first_weight;
      odd += second_weight;
    }
    for (; key < keys; key++) {
      vector weight = exponential(load(x + key * attention_block) - largest);
      store(x + key * attention_block, weight);
      even += weight;
    }
    store(factors + i, 1.0f / (even + odd));
    store(logarithms + i, logarithm(even + odd) + largest);
  }
}

/// Sums over keys begin..<end of weights times rows, for queries from `first` on: with `p.a` the weights by query and key.
static void sum_over_keys(const small_product *p, int causal, long first, long queries, long begin, long end, long width) {
  for (long row = 0; row < queries;) {
    int count = rows_of_tile(row, queries);
    // All of the tile see the keys up to that of its first query.
    long whole = causal && first + row + 1 < end ? first + row + 1 : end;
    int falls = causal && whole >= begin && whole + count - 1 <= end && first + row + 1 == whole;
    tile_terms terms = {0, whole > begin ? whole - begin : 0, 0, falls};
    multiply_tile_row(count, p, terms, row, width);
    row += count;
  }
}

static void attend(const drn_attention *head, long query_begin, long query_end, float *work) {
  const long size = head->size, width = round_to_block(size), length = round_to_block(head->padded_length);
  float *keys = work, *values = keys + length * width, *queries = values + length * width;
  float *transposed = queries + attention_block * width, *sums = transposed + attention_block * width;
  float *scores = sums + attention_block * width;
  const long seen = head->causal && query_end < head->length ? query_end : head->length;
  load_positions(head->k, 0, seen, size, 1, head->rotation, keys, width);
  load_positions(head->v, 0, seen, size, 1, 0, values, width);
  for (long first = query_begin; first < query_end && first < head->length; first += attention_block) {
    long count = queries_of_block(head, first, query_end), end = keys_of_block(head, first, count), columns = score_columns(count);
    float factors[attention_block], logarithms[attention_block];
    load_queries(head->q, first, count, size, head->scale, head->rotation, queries, width);
    transpose_queries(queries, width, transposed);
    multiply_scores(keys, width, transposed, size, end, columns, scores);
    exponentiate(scores, end, first, columns, head->causal, factors, logarithms);
    small_product p = {scores, 1, attention_block, values, width, sums, width, 0};
    sum_over_keys(&p, head->causal, first, count, 0, end, width);
    for (long i = 0; i < count; i++) {
      store_positions(sums + i * width, width, first + i, first + i + 1, size, factors[i], 0, head->y);
      head->logarithms[first + i] = logarithms[i];
    }
  }
  for (long t = head->length > query_begin ? head->length : query_begin; t < query_end; t++) {
    zero_positions(head->y, t, t + 1, size);
    head->logarithms[t] = 0;
  }
}
