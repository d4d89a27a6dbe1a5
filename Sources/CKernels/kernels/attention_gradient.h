// The gradient of attention: scores again, probabilities by the logarithms of the sums, a block of queries by a block of keys at a time.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "attention.h"

/// The work space of a call.
typedef struct {
  long width;
  // Rows of whole blocks, from key_begin on.
  float *keys, *values, *key_sums, *value_sums;
  // Of a block of queries.
  float *queries, *upstream, *query_sums, *transposed, *transposed_upstream;
  // A row for each key of a block of keys.
  float *scores, *slopes;
} gradient_work;

static gradient_work lay_out_gradient(long padded_length, long size, float *work) {
  const long width = round_to_block(size), length = round_to_block(padded_length) * width, block = attention_block * width;
  gradient_work w = {.width = width, .keys = work, .values = work + length, .key_sums = work + 2 * length, .value_sums = work + 3 * length};
  w.queries = work + 4 * length;
  w.upstream = w.queries + block;
  w.query_sums = w.upstream + block;
  w.transposed = w.query_sums + block;
  w.transposed_upstream = w.transposed + block;
  w.scores = w.transposed_upstream + block;
  w.slopes = w.scores + attention_block * attention_keys;
  return w;
}

/// The sum over columns of dy * y for each query of a block.
static void mean_slopes(drn_positions dy, drn_positions y, long first, long count, long size, float *means) {
  for (long row = 0; row < count; row++) {
    const float *a = dy.rows + (first + row) * dy.pitch, *b = y.rows + (first + row) * y.pitch;
    vector sum = splat(0);
    for (long i = 0; i < size; i += block_size) __builtin_prefetch(b + rows_ahead * y.pitch + i);
    for (long i = 0; i < size; i += LANES) sum = load_up_to(a, i, size, 0) * load_up_to(b, i, size, 0) + sum;
    means[row] = sum_lanes(sum);
  }
}

/// Scores become probabilities, and slopes of probabilities those of scores, for keys key..<key + count and queries from `first` on.
static void differentiate(
    float *scores, float *slopes, long key, long count, long first, long columns, int causal, const float *means, const float *logarithms) {
  for (long i = 0; i < columns; i += LANES) {
    vector logarithm = load(logarithms + i), mean = load(means + i);
    for (long row = 0; row < count; row++) {
      float *x = scores + row * attention_block + i, *dx = slopes + row * attention_block + i;
      vector probability = exponential(load(x) - logarithm);
      if (causal && key + row > first + i) probability = unseen(probability, key + row, first + i, 0);
      store(x, probability);
      store(dx, probability * (load(dx) - mean));
    }
  }
}

/// Sums over the queries of a block, for keys key..<key + count: with `p.a` the weights by key and query.
static void sum_over_queries(const small_product *p, int causal, long key, long count, long first, long queries, long width) {
  for (long row = 0; row < count;) {
    int rows = rows_of_tile(row, count);
    // The first query that sees the last key of the tile, and whether those before it see only some of its keys.
    long whole = key + row + rows - 1 - first;
    int rises = causal && whole > 0;
    tile_terms terms = {rises ? whole - (rows - 1) : 0, rises ? queries - whole : queries, rises, 0};
    multiply_tile_row(rows, p, terms, row, width);
    row += rows;
  }
}

/// One block of queries of one head, with keys key_begin..<key_end; work space rows of keys begin at key_begin.
static void differentiate_block(
    const drn_attention *head, const drn_attention_gradients *gradients, drn_positions dy, drn_positions dq, long first, long count,
    long key_begin, long key_end, const gradient_work *w) {
  const long size = head->size, width = w->width, columns = score_columns(count);
  float means[attention_block] = {0}, logarithms[attention_block] = {0};
  memset(w->query_sums, 0, (size_t)(attention_block * width) * sizeof(float));
  load_queries(head->q, first, count, size, head->scale, head->rotation, w->queries, width);
  load_queries(dy, first, count, size, 1, 0, w->upstream, width);
  transpose_queries(w->queries, width, w->transposed);
  transpose_queries(w->upstream, width, w->transposed_upstream);
  mean_slopes(dy, head->y, first, count, size, means);
  memcpy(logarithms, head->logarithms + first, (size_t)count * sizeof(float));
  long end = keys_of_block(head, first, count) < key_end ? keys_of_block(head, first, count) : key_end;
  for (long key = key_begin; key < end; key += attention_keys) {
    const long keys = end - key < attention_keys ? end - key : attention_keys, row = (key - key_begin) * width;
    multiply_scores(w->keys + row, width, w->transposed, size, keys, columns, w->scores);
    multiply_scores(w->values + row, width, w->transposed_upstream, size, keys, columns, w->slopes);
    differentiate(w->scores, w->slopes, key, keys, first, columns, head->causal, means, logarithms);
    if (gradients->parts & DRN_BY_KEYS) {
      small_product by_values = {w->scores, attention_block, 1, w->upstream, width, w->value_sums + row, width, 1};
      sum_over_queries(&by_values, head->causal, key, keys, first, count, width);
      small_product by_keys = {w->slopes, attention_block, 1, w->queries, width, w->key_sums + row, width, 1};
      sum_over_queries(&by_keys, head->causal, key, keys, first, count, width);
    }
    if (gradients->parts & DRN_BY_QUERIES) {
      small_product by_queries = {w->slopes, 1, attention_block, w->keys + row, width, w->query_sums, width, 1};
      sum_over_keys(&by_queries, head->causal, first, count, key, key + keys, width);
    }
  }
  if (gradients->parts & DRN_BY_QUERIES) {
    store_positions(w->query_sums, width, first, first + count, size, head->scale, head->rotation, dq);
  }
}

static long smaller_of(long one, long other) { return one < other ? one : other; }
static long larger_of(long one, long other) { return one > other ? one : other; }

static drn_positions moved(drn_positions x, long columns) { return (drn_positions){x.rows + columns, x.pitch}; }

static void attend_gradient(
    const drn_attention *group, const drn_attention_gradients *gradients, long query_begin, long query_end, long key_begin, long key_end,
    float *work) {
  const long size = group->size, length = group->length;
  const gradient_work w = lay_out_gradient(group->padded_length, size, work);
  const long keys = smaller_of(key_end, length), queries = smaller_of(query_end, length);
  const long seen = group->causal ? smaller_of(keys, queries) : keys;
  load_positions(group->k, key_begin, seen, size, 1, group->rotation, w.keys, w.width);
  load_positions(group->v, key_begin, seen, size, 1, 0, w.values, w.width);
  if (gradients->parts & DRN_BY_KEYS && keys > key_begin) {
    const size_t bytes = (size_t)((keys - key_begin) * w.width) * sizeof(float);
    memset(w.key_sums, 0, bytes);
    memset(w.value_sums, 0, bytes);
  }
  for (long h = 0; h < gradients->heads; h++) {
    drn_attention head = *group;
    head.q = moved(group->q, h * size);
    head.y = moved(group->y, h * size);
    head.logarithms = group->logarithms + h * gradients->logarithm_pitch;
    drn_positions dy = moved(gradients->dy, h * size), dq = moved(gradients->dq, h * size);
    // Blocks begin at multiples of their size, and none before the first key is of use.
    long first = group->causal ? larger_of(query_begin, key_begin / attention_block * attention_block) : query_begin;
    for (; first < queries; first += attention_block) {
      differentiate_block(&head, gradients, dy, dq, first, queries_of_block(&head, first, query_end), key_begin, keys, &w);
    }
    if (gradients->parts & DRN_BY_QUERIES) zero_positions(dq, larger_of(length, query_begin), query_end, size);
  }
  if (!(gradients->parts & DRN_BY_KEYS)) return;
  store_positions(w.key_sums, w.width, key_begin, keys, size, 1, group->rotation, gradients->dk);
  store_positions(w.value_sums, w.width, key_begin, keys, size, 1, 0, gradients->dv);
  zero_positions(gradients->dk, larger_of(length, key_begin), key_end, size);
  zero_positions(gradients->dv, larger_of(length, key_begin), key_end, size);
}
