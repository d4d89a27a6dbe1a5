// The transforms of Winograd convolutions by 3 x 3 windows at stride 1, F(2 x 2, 3 x 3) and F(4 x 4, 3 x 3): 16 products for 4 results
// instead of 36, 36 for 16 instead of 144.
//
// y = At ((G w Gt) * (Bt x B)) A and dw = Gt (sum of (Bt x B) * (A dy At)) G; Lavin and Gray, "Fast Algorithms for Convolutional Neural
// Networks", 2016. They evaluate polynomials at 0, infinity and pairs of points p and -p: 1 for tiles of 2, 5/8 and 3/2 for tiles of 4,
// with which rounding errors are half of those with 1 and 2, as measured, and of which all powers used are exact floats. Rows and columns
// of points come in that order: 0, infinity, p, -p, ...
#pragma once

#include "block.h"
#include "winograd_sizes.h"

/// Most points of a row.
enum { most_points = 6 };

/// A pair of points in the order of rows and columns; pair 0 is 0 and infinity.
typedef struct block_pair {
  block first, second;
} block_pair;

INLINE int pair_count(const int tile) { return (tile + 2) / 2; }

/// The point p of a pair from 1 on.
INLINE float point_of(const int tile, const int pair) { return tile == 2 ? 1 : pair == 1 ? 0.625f : 1.5f; }

/// The square of the other pair's point.
INLINE float other_square(const int pair) { return pair == 1 ? 2.25f : 0.390625f; }

/// 1 / the product of what p differs by from the other points.
INLINE float scale_of(const int tile, const int pair) {
  const float square = point_of(tile, pair) * point_of(tile, pair);
  return tile == 2 ? 0.5f : 1 / (2 * square * (square - other_square(pair)));
}

/// The power of the point of a pair by which it counts in a result.
INLINE float power_of(const int tile, const int pair, const int exponent) {
  float power = 1;
  UNROLL for (int i = 0; i < exponent; i++) power *= point_of(tile, pair);
  return power;
}

/// Bt d, for d of tile + 2 pixels.
INLINE block_pair input_points(const int tile, const int pair, const block *d) {
  if (pair == 0) {
    if (tile == 2) return (block_pair){d[0] - d[2], d[3] - d[1]};
    const float product = other_square(1) * other_square(2), sum = other_square(1) + other_square(2);
    return (block_pair){product * d[0] - sum * d[2] + d[4], product * d[1] - sum * d[3] + d[5]};
  }
  block even = d[tile], odd = d[tile - 1];
  if (tile == 4) {
    even -= other_square(pair) * d[2];
    odd -= other_square(pair) * d[1];
  }
  return (block_pair){even + point_of(tile, pair) * odd, even - point_of(tile, pair) * odd};
}

/// A d, for d of `tile` pixels of a result's gradient.
INLINE block_pair upstream_points(const int tile, const int pair, const block *d) {
  if (pair == 0) return (block_pair){d[0], d[tile - 1]};
  block even = d[0], odd = power_of(tile, pair, 1) * d[1];
  if (tile == 4) {
    even += power_of(tile, pair, 2) * d[2];
    odd += power_of(tile, pair, 3) * d[3];
  }
  return (block_pair){even + odd, even - odd};
}

/// G w, for a row or column of three weights.
INLINE block_pair weight_points(const int tile, const int pair, block first, block second, block third) {
  if (pair == 0) return (block_pair){tile == 2 ? first : first * (1 / (other_square(1) * other_square(2))), third};
  block even = scale_of(tile, pair) * (first + power_of(tile, pair, 2) * third);
  block odd = scale_of(tile, pair) * point_of(tile, pair) * second;
  return (block_pair){even + odd, even - odd};
}

/// Gt s, for the sums of a row or column of points.
INLINE void weight_gradient(const int tile, const block *s, block *first, block *second, block *third) {
  *first = tile == 2 ? s[0] : s[0] * (1 / (other_square(1) * other_square(2)));
  *second = splat_block(0);
  *third = s[1];
  UNROLL for (int pair = 1; pair < pair_count(tile); pair++) {
    block even = scale_of(tile, pair) * (s[2 * pair] + s[2 * pair + 1]), odd = scale_of(tile, pair) * (s[2 * pair] - s[2 * pair + 1]);
    *first += even;
    *second += point_of(tile, pair) * odd;
    *third += power_of(tile, pair, 2) * even;
  }
}

/// Whether a pair of products counts in result `i` of At m, and whether it is the first that does.
INLINE int reaches_result(const int tile, const int pair, const int i) { return pair > 0 || i == 0 || i == tile - 1; }
INLINE int is_first_part(const int tile, const int pair, const int i) { return pair == 0 || (pair == 1 && i > 0 && i < tile - 1); }

/// What a pair of products adds to a result of At m that it reaches.
INLINE block result_part(const int tile, const int pair, const int i, block first, block second) {
  if (pair == 0) return i == 0 ? first : second;
  return power_of(tile, pair, i) * (i % 2 == 0 ? first + second : first - second);
}
