// Rows of queries, keys, values and their gradients between matrices of positions and the work space of attention, where they are whole
// blocks, zero behind the columns of the head.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "../attention_sizes.h"
#include "elementary.h"
#include "small_product.h"

enum { rows_ahead = 12 };

/// Rows first..<last of a matrix of positions times a factor, turned by `rotation` if there is one.
static void load_positions(
    drn_positions from, long first, long last, long size, float factor, const float *rotation, float *to, long width) {
  long half = size / 2;
  for (long t = first; t < last; t++, to += width) {
    const float *x = from.rows + t * from.pitch;
    // Rows lie apart by more than a head, which the processor does not fetch ahead.
    for (long i = 0; i < size; i += block_size) __builtin_prefetch(x + rows_ahead * from.pitch + i);
    for (long i = size / block_size * block_size; i < width; i += LANES) store(to + i, splat(0));
    for (long i = 0; !rotation && i < size; i += LANES) store_up_to(to, load_up_to(x, i, size, 0) * factor, i, size);
    for (long i = 0; rotation && i < half; i += LANES) {
      vector cosine = load_up_to(rotation + t * size, i, half, 0), sine = load_up_to(rotation + t * size + half, i, half, 0);
      vector low = load_up_to(x, i, half, 0) * factor, high = load_up_to(x + half, i, half, 0) * factor;
      store_up_to(to, low * cosine - high * sine, i, half);
      store_up_to(to + half, high * cosine + low * sine, i, half);
    }
  }
}

/// The same for a block of queries: rows of zeros behind the last of them.
static void load_queries(
    drn_positions from, long first, long count, long size, float factor, const float *rotation, float *to, long width) {
  load_positions(from, first, first + count, size, factor, rotation, to, width);
  memset(to + count * width, 0, (size_t)((attention_block - count) * width) * sizeof *to);
}

/// The way back for gradients: turned by the opposite angles, and then times a factor.
static void store_positions(
    const float *from, long width, long first, long last, long size, float factor, const float *rotation, drn_positions to) {
  long half = size / 2;
  for (long t = first; t < last; t++, from += width) {
    float *x = to.rows + t * to.pitch;
    for (long i = 0; i < size; i += block_size) __builtin_prefetch(x + rows_ahead * to.pitch + i, 1);
    for (long i = 0; !rotation && i < size; i += LANES) store_up_to(x, load_up_to(from, i, size, 0) * factor, i, size);
    for (long i = 0; rotation && i < half; i += LANES) {
      vector cosine = load_up_to(rotation + t * size, i, half, 0), sine = load_up_to(rotation + t * size + half, i, half, 0);
      vector low = load_up_to(from, i, half, 0), high = load_up_to(from + half, i, half, 0);
      store_up_to(x, (low * cosine + high * sine) * factor, i, half);
      store_up_to(x + half, (high * cosine - low * sine) * factor, i, half);
    }
  }
}

static void zero_positions(drn_positions to, long first, long last, long size) {
  for (long t = first; t < last; t++) memset(to.rows + t * to.pitch, 0, (size_t)size * sizeof(float));
}

/// The halves of two blocks, element by element in turn.
#define LOWER_HALVES 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define UPPER_HALVES 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31

/// One of four rounds after which 16 blocks are transposed.
INLINE void interleave(const block *from, block *to) {
  UNROLL for (int i = 0; i < 8; i++) {
    to[2 * i] = __builtin_shufflevector(from[i], from[i + 8], LOWER_HALVES);
    to[2 * i + 1] = __builtin_shufflevector(from[i], from[i + 8], UPPER_HALVES);
  }
}

/// The transpose of a block of queries: attention_block rows of `width` columns become `width` rows.
static void transpose_queries(const float *from, long width, float *to) {
  for (long row = 0; row < attention_block; row += block_size) {
    for (long column = 0; column < width; column += block_size) {
      block even[block_size], odd[block_size];
      UNROLL for (int i = 0; i < block_size; i++) even[i] = load_block(from + (row + i) * width + column);
      interleave(even, odd);
      interleave(odd, even);
      interleave(even, odd);
      interleave(odd, even);
      UNROLL for (int i = 0; i < block_size; i++) store_block(to + (column + i) * attention_block + row, even[i]);
    }
  }
}
