// Moments of columns over blocks of rows, for batch normalization and its gradient.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "vector.h"

/// Sums of LANES columns of x - shift, or of its squares, over rows first..<last, in four interleaved sums.
INLINE vector sum_deviations_of_rows(
    const float *x, long pitch, long first, long last, long column, long columns, vector shift, int squared) {
  vector sums[4] = {splat(0), splat(0), splat(0), splat(0)};
  long row = first;
  for (; row + 4 <= last; row += 4) {
    for (int i = 0; i < 4; i++) {
      vector deviation = load_up_to(x + (row + i) * pitch, column, columns, 0) - shift;
      sums[i] += squared ? deviation * deviation : deviation;
    }
  }
  for (; row < last; row++) {
    vector deviation = load_up_to(x + row * pitch, column, columns, 0) - shift;
    sums[0] += squared ? deviation * deviation : deviation;
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static void column_moments(const float *x, long pitch, long row_begin, long row_end, long columns, float *means, float *squares) {
  const float count = (float)(row_end - row_begin);
  for (long column = 0; column < columns; column += LANES) {
    // Moved by the first row, so that a large common value costs no digits.
    vector first = load_up_to(x + row_begin * pitch, column, columns, 0);
    vector mean = first + sum_deviations_of_rows(x, pitch, row_begin, row_end, column, columns, first, 0) / count;
    store_up_to(means, mean, column, columns);
    store_up_to(squares, sum_deviations_of_rows(x, pitch, row_begin, row_end, column, columns, mean, 1), column, columns);
  }
}

static void column_gradient_sums(
    const float *dy, long dy_pitch, const float *x, long x_pitch, long rows, long columns, const float *mean, int adds, float *sums,
    float *products) {
  for (long column = 0; column < columns; column += LANES) {
    vector center = load_up_to(mean, column, columns, 0);
    vector sum[2] = {splat(0), splat(0)}, product[2] = {splat(0), splat(0)};
    long row = 0;
    for (; row + 2 <= rows; row += 2) {
      for (int i = 0; i < 2; i++) {
        vector upstream = load_up_to(dy + (row + i) * dy_pitch, column, columns, 0);
        sum[i] += upstream;
        product[i] += upstream * (load_up_to(x + (row + i) * x_pitch, column, columns, 0) - center);
      }
    }
    if (row < rows) {
      vector upstream = load_up_to(dy + row * dy_pitch, column, columns, 0);
      sum[0] += upstream;
      product[0] += upstream * (load_up_to(x + row * x_pitch, column, columns, 0) - center);
    }
    vector total = sum[0] + sum[1], correlation = product[0] + product[1];
    if (adds) {
      total += load_up_to(sums, column, columns, 0);
      correlation += load_up_to(products, column, columns, 0);
    }
    store_up_to(sums, total, column, columns);
    store_up_to(products, correlation, column, columns);
  }
}
