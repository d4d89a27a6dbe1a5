// Products of small matrices that lie in the nearest caches, a tile of the result in registers.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "block.h"

/// Rows and blocks of 16 columns of a tile.
#if LANES == 16
enum { tile_rows = 8, tile_blocks = 2 };
#elif LANES == 8
enum { tile_rows = 4, tile_blocks = 1 };
#else
enum { tile_rows = 2, tile_blocks = 1 };
#endif

/// c += a b, or c = a b. Element (row, k) of a is a[row * a_row + k * a_inner]; rows of b and c are whole blocks.
typedef struct {
  const float *a;
  long a_row, a_inner;
  const float *b;
  long b_pitch;
  float *c;
  long c_pitch;
  int adds;
} small_product;

/// The terms of the sums of one tile: `count` from `first` on. With `rising`, rows - 1 terms come before them, the first in row 0 alone, the
/// next in rows 0 and 1, and so on. With `falling`, rows - 1 terms follow, the first in all rows but row 0, the next in all but 0 and 1.
/// What a row leaves out is not multiplied at all: there may be NaN.
typedef struct {
  long first, count;
  int rising, falling;
} tile_terms;

INLINE void add_term(
    const int begin, const int end, const int blocks, const small_product *p, const float *a, const float *b,
    block sum[tile_rows][tile_blocks]) {
  block right[tile_blocks];
  UNROLL for (int n = 0; n < blocks; n++) right[n] = load_block(b + n * block_size);
  UNROLL for (int row = begin; row < end; row++) {
    block left = splat_block(a[row * p->a_row]);
    UNROLL for (int n = 0; n < blocks; n++) sum[row][n] = left * right[n] + sum[row][n];
  }
}

INLINE void multiply_tile(const int rows, const int blocks, const small_product *p, tile_terms terms, long row, long column) {
  const float *a = p->a + row * p->a_row, *b = p->b + column;
  float *c = p->c + row * p->c_pitch + column;
  block sum[tile_rows][tile_blocks];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int n = 0; n < blocks; n++) sum[r][n] = p->adds ? load_block(c + r * p->c_pitch + n * block_size) : splat_block(0);
  }
  long k = terms.first;
  if (terms.rising) {
    UNROLL for (int s = 0; s + 1 < rows; s++, k++) add_term(0, s + 1, blocks, p, a + k * p->a_inner, b + k * p->b_pitch, sum);
  }
  for (const long end = k + terms.count; k < end; k++) add_term(0, rows, blocks, p, a + k * p->a_inner, b + k * p->b_pitch, sum);
  if (terms.falling) {
    UNROLL for (int s = 1; s < rows; s++, k++) add_term(s, rows, blocks, p, a + k * p->a_inner, b + k * p->b_pitch, sum);
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int n = 0; n < blocks; n++) store_block(c + r * p->c_pitch + n * block_size, sum[r][n]);
  }
}

INLINE void multiply_rows(const int rows, const small_product *p, tile_terms terms, long row, long columns) {
  long column = 0;
  for (; column + tile_blocks * block_size <= columns; column += tile_blocks * block_size) {
    multiply_tile(rows, tile_blocks, p, terms, row, column);
  }
  for (; column < columns; column += block_size) multiply_tile(rows, 1, p, terms, row, column);
}

/// Rows of a tile that begins at `row`: as many as there are, a power of two.
INLINE int rows_of_tile(long row, long rows) {
  int count = tile_rows;
  while (row + count > rows) count /= 2;
  return count;
}

/// One row of tiles of a product, `rows` of `rows_of_tile` high.
static void multiply_tile_row(int rows, const small_product *p, tile_terms terms, long row, long columns) {
#if LANES == 16
  if (rows == 8) return multiply_rows(8, p, terms, row, columns);
#endif
#if LANES >= 8
  if (rows == 4) return multiply_rows(4, p, terms, row, columns);
#endif
  if (rows == 2) return multiply_rows(2, p, terms, row, columns);
  multiply_rows(1, p, terms, row, columns);
}

/// The whole product, of `inner` terms.
static void multiply_small(const small_product *p, long rows, long inner, long columns) {
  tile_terms terms = {0, inner, 0, 0};
  for (long row = 0; row < rows;) {
    int count = rows_of_tile(row, rows);
    multiply_tile_row(count, p, terms, row, columns);
    row += count;
  }
}
