// The transforms of Winograd convolutions by 3 x 3 windows at stride 1, F(4 x 4, 3 x 3): 36 products for 16 results instead of 144.
//
// y = At ((G w Gt) * (Bt x B)) A and dw = Gt (sum of (Bt x B) * (A dy At)) G; Lavin and Gray, "Fast Algorithms for Convolutional Neural
// Networks", 2016. They evaluate polynomials at 0, infinity and two pairs of points p and -p. With 5/8 and 3/2 rounding errors are half of
// those with 1 and 2, as measured, and all powers used are exact floats. Rows and columns of points come in the order 0, infinity, 5/8,
// -5/8, 3/2, -3/2.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "block.h"
#include "../winograd_sizes.h"

/// Two points next to each other in the order of rows and columns; pair 0 is 0 and infinity.
typedef struct block_pair {
  block first, second;
} block_pair;

enum { winograd_pairs = winograd_row / 2 };

/// The point p of pair 1 or 2.
INLINE float point_of(const int pair) { return pair == 1 ? 0.625f : 1.5f; }

/// The square of the other pair's point; the product and the sum of both squares.
INLINE float other_square(const int pair) { return pair == 1 ? 2.25f : 0.390625f; }
INLINE float product_of_squares(void) { return other_square(1) * other_square(2); }
INLINE float sum_of_squares(void) { return other_square(1) + other_square(2); }

/// 1 / the product of what p differs by from the other points.
INLINE float scale_of(const int pair) {
  const float square = point_of(pair) * point_of(pair);
  return 1 / (2 * square * (square - other_square(pair)));
}

INLINE float power_of(const int pair, const int exponent) {
  float power = 1;
  UNROLL for (int i = 0; i < exponent; i++) power *= point_of(pair);
  return power;
}

/// Bt d, for d of six pixels.
INLINE block_pair input_points(const int pair, const block *d) {
  if (pair == 0) {
    return (block_pair){
        product_of_squares() * d[0] - sum_of_squares() * d[2] + d[4], product_of_squares() * d[1] - sum_of_squares() * d[3] + d[5]};
  }
  block even = d[4] - other_square(pair) * d[2], odd = d[3] - other_square(pair) * d[1];
  return (block_pair){even + point_of(pair) * odd, even - point_of(pair) * odd};
}

/// A d, for d of four pixels of a result's gradient.
INLINE block_pair upstream_points(const int pair, const block *d) {
  if (pair == 0) return (block_pair){d[0], d[3]};
  block even = d[0] + power_of(pair, 2) * d[2], odd = power_of(pair, 1) * d[1] + power_of(pair, 3) * d[3];
  return (block_pair){even + odd, even - odd};
}

/// G w, for w of three weights.
INLINE block_pair weight_points(const int pair, const block *w) {
  if (pair == 0) return (block_pair){w[0] * (1 / product_of_squares()), w[2]};
  block even = scale_of(pair) * (w[0] + power_of(pair, 2) * w[2]), odd = scale_of(pair) * point_of(pair) * w[1];
  return (block_pair){even + odd, even - odd};
}

/// The points of two rows by one of the three transforms above, to points[point * point_step].
INLINE void store_rows(
    block_pair (*transform)(const int, const block *), const block rows[2][winograd_row], float *points, long point_step) {
  UNROLL for (int r = 0; r < 2; r++) {
    UNROLL for (int pair = 0; pair < winograd_pairs; pair++, points += 2 * point_step) {
      block_pair both = transform(pair, rows[r]);
      store_block(points, both.first);
      store_block(points + point_step, both.second);
    }
  }
}

/// Gt s, for the sums of a row or column of points.
INLINE void weight_gradient(const block *s, block *first, block *second, block *third) {
  *first = s[0] * (1 / product_of_squares());
  *second = splat_block(0);
  *third = s[1];
  UNROLL for (int pair = 1; pair < winograd_pairs; pair++) {
    block even = scale_of(pair) * (s[2 * pair] + s[2 * pair + 1]), odd = scale_of(pair) * (s[2 * pair] - s[2 * pair + 1]);
    *first += even;
    *second += point_of(pair) * odd;
    *third += power_of(pair, 2) * even;
  }
}

/// Whether a pair of products counts in result `i` of At m, and whether it is the first that does.
INLINE int reaches_result(const int pair, const int i) { return pair > 0 || i == 0 || i == 3; }
INLINE int is_first_part(const int pair, const int i) { return pair == 0 || (pair == 1 && i > 0 && i < 3); }

/// What a pair of products adds to a result of At m that it reaches.
INLINE block result_part(const int pair, const int i, block first, block second) {
  if (pair == 0) return i == 0 ? first : second;
  return power_of(pair, i) * (i % 2 == 0 ? first + second : first - second);
}
