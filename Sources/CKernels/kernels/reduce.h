// Sums in a fixed order.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "vector.h"

enum { sum_block = 64 };

/// Sums of LANES columns over rows first..<last, in float.
INLINE vector sum_rows_of_block(const float *x, long pitch, long first, long last, long column, long columns) {
  vector even = splat(0), odd = splat(0);
  long row = first;
  for (; row + 2 <= last; row += 2) {
    even += load_up_to(x + row * pitch, column, columns, 0);
    odd += load_up_to(x + (row + 1) * pitch, column, columns, 0);
  }
  if (row < last) even += load_up_to(x + row * pitch, column, columns, 0);
  return even + odd;
}

static void sum_columns(
    const float *x, long pitch, long row_begin, long row_end, long col_begin, long col_end, float *out) {
  for (long column = col_begin; column < col_end; column += LANES) {
    wide total = 0;
    for (long first = row_begin; first < row_end; first += sum_block) {
      long last = row_end - first < sum_block ? row_end : first + sum_block;
      total += widen(sum_rows_of_block(x, pitch, first, last, column, col_end));
    }
    store_up_to(out, __builtin_convertvector(total, vector), column, col_end);
  }
}

/// The sum of x * y over `count` floats; y null means ones.
INLINE double dot_row(const float *x, const float *y, long count) {
  wide even = 0, odd = 0;
  long i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    even += widen(load(x + i)) * (y ? widen(load(y + i)) : 1.0);
    odd += widen(load(x + i + LANES)) * (y ? widen(load(y + i + LANES)) : 1.0);
  }
  for (; i < count; i += LANES) {
    even += widen(load_up_to(x, i, count, 0)) * (y ? widen(load_up_to(y, i, count, 0)) : 1.0);
  }
  return sum_wide(even + odd);
}

static void sum_rows(const float *x, long pitch, long row_begin, long row_end, long columns, float *out) {
  for (long row = row_begin; row < row_end; row++) out[row] = (float)dot_row(x + row * pitch, 0, columns);
}

static double sum_all(const float *x, long pitch, long rows, long columns) {
  double total = 0;
  for (long row = 0; row < rows; row++) total += dot_row(x + row * pitch, 0, columns);
  return total;
}

static double sum_squares(const float *x, long pitch, long rows, long columns) {
  double total = 0;
  for (long row = 0; row < rows; row++) total += dot_row(x + row * pitch, x + row * pitch, columns);
  return total;
}
