// Attention and its gradient, for one head of one sequence at a time.
#pragma once

#include <stdint.h>

/// Rows of a matrix of positions: row t of a sequence is `pitch` floats behind row t - 1.
typedef struct drn_positions {
  float *rows;  ///< The first position and column of the head.
  long pitch;
} drn_positions;

/// One head of one sequence, as queries, keys and values.
typedef struct drn_attention {
  long length;            ///< Positions of the sequence that are seen; from there on queries and keys are padding.
  long padded_length;     ///< Positions of the sequence.
  long size;              ///< Columns of a head.
  int causal;             ///< Whether a position sees itself and those before it only.
  float scale;            ///< The factor on the products of queries and keys.
  const float *rotation;  ///< For each position size/2 cosines and as many sines by which queries and keys turn, or null.
  drn_positions q, k, v, y;
  float *logarithms;      ///< One for each position: the logarithm of the sum of exponentials; 0 where a query is padding.
} drn_attention;

/// Further positions of one sequence in one head of keys and values, with the heads of queries that share it.
typedef struct drn_cached_attention {
  const int32_t *positions;  ///< One for each row of q, k, v and y.
  long count;             ///< Rows of them.
  long length;            ///< Positions for which the caches have room.
  long size;              ///< Columns of a head.
  long heads;             ///< Heads of queries, `size` columns apart in q and y.
  float scale;            ///< The factor on the products of queries and keys.
  const float *rotation;  ///< For each position that the caches have room for size/2 cosines and as many sines, or null.
  drn_positions q, k, v, y;
  drn_positions keys;     ///< The cache of keys: a row for each column of the head, in which position t is element t.
  drn_positions values;   ///< The cache of values: a row for each position.
} drn_cached_attention;

/// Which gradients a call gives.
typedef enum drn_attention_parts { DRN_BY_QUERIES = 1, DRN_BY_KEYS = 2 } drn_attention_parts;

/// The gradients of heads that share keys and values.
typedef struct drn_attention_gradients {
  drn_positions dy, dq, dk, dv;
  long heads;            ///< Heads of queries that share keys and values, `size` columns apart in q, y, dy and dq.
  long logarithm_pitch;  ///< Floats from the logarithms of one of them to those of the next.
  int parts;             ///< Of `drn_attention_parts`.
} drn_attention_gradients;

