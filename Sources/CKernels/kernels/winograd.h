// Convolution by 3 x 3 windows at stride 1 after Winograd, F(2 x 2, 3 x 3): 16 products for 4 results instead of 36.
//
// With tiles of 4 x 4 pixels, y = At ((G w Gt) * (Bt x B)) A and dw = Gt (sum of (Bt x B) * (A dy At)) G; Lavin and Gray,
// "Fast Algorithms for Convolutional Neural Networks", 2016. All factors are 0, 1, -1 or 1/2, so little precision is lost.
#pragma once

#include "block.h"
#include "winograd_sizes.h"

/// The weight of one tap for a block of columns of u.
INLINE block winograd_tap(const float *w, long step, int tap, int reversed, long column_step, long count) {
  const float *from = w + (reversed ? 8 - tap : tap) * step;
  if (!reversed) return load_block_part(from, count);
  float lanes[block_size];
  for (long i = 0; i < block_size; i++) lanes[i] = i < count ? from[i * column_step] : 0;
  return load_block(lanes);
}

static void winograd_weights(
    const float *w, long pitch, long channels, long outputs, int reversed, float *u, long row_begin, long row_end) {
  const long rows = reversed ? outputs : channels, columns = reversed ? channels : outputs, width = round_to_block(columns);
  const long point = rows * width;
  for (long row = row_begin; row < row_end; row++) {
    for (long column = 0; column < columns; column += block_size) {
      const float *from = w + (reversed ? column * pitch + row : row * pitch + column);
      block g[9], half[4][3];
      UNROLL for (int tap = 0; tap < 9; tap++) g[tap] = winograd_tap(from, channels * pitch, tap, reversed, pitch, columns - column);
      UNROLL for (int i = 0; i < 3; i++) {
        half[0][i] = g[i];
        half[1][i] = 0.5f * (g[i] + g[3 + i] + g[6 + i]);
        half[2][i] = 0.5f * (g[i] - g[3 + i] + g[6 + i]);
        half[3][i] = g[6 + i];
      }
      UNROLL for (int i = 0; i < 4; i++) {
        float *to = u + 4 * i * point + row * width + column;
        store_block(to, half[i][0]);
        store_block(to + point, 0.5f * (half[i][0] + half[i][1] + half[i][2]));
        store_block(to + 2 * point, 0.5f * (half[i][0] - half[i][1] + half[i][2]));
        store_block(to + 3 * point, half[i][2]);
      }
    }
  }
}

/// The first pixel of a tile in the result.
typedef struct tile_place {
  long row, column;
} tile_place;

INLINE tile_place place_of_tile(const drn_convolution *shape, long tile) {
  const long across = (shape->out_width + 1) / 2;
  return (tile_place){tile / across * 2, tile % across * 2};
}

INLINE tile_place next_place(const drn_convolution *shape, tile_place place) {
  place.column += 2;
  return place.column < shape->out_width ? place : (tile_place){place.row + 2, 0};
}

/// The rows of the 4 x 4 points that are taken at a time: 0, then 1 and 2 together, then 3.
enum row_group { row_0, rows_1_2, row_3 };

INLINE int first_row(const enum row_group group) { return group == row_0 ? 0 : group == rows_1_2 ? 1 : 3; }
INLINE int row_count(const enum row_group group) { return group == rows_1_2 ? 2 : 1; }

/// A row of Bt x, times B, to v[point * point_step].
INLINE void store_input_row(block a, block b, block c, block d, float *v, long point_step) {
  store_block(v, a - c);
  store_block(v + point_step, b + c);
  store_block(v + 2 * point_step, c - b);
  store_block(v + 3 * point_step, b - d);
}

/// Rows of Bt x B of one tile of 4 x 4 pixels and one block of channels, one row of points after the other.
INLINE void transform_input(const enum row_group group, const float *x, long row_step, long pixel_step, float *v, long point_step) {
  const float *upper = x + (group == row_0 ? 0 : row_step), *lower = x + (group == row_3 ? 3 : 2) * row_step;
  block t[2][4];
  UNROLL for (int j = 0; j < 4; j++) {
    block a = load_block(upper + j * pixel_step), b = load_block(lower + j * pixel_step);
    t[0][j] = group == rows_1_2 ? a + b : a - b;
    t[1][j] = b - a;
  }
  store_input_row(t[0][0], t[0][1], t[0][2], t[0][3], v, point_step);
  if (group == rows_1_2) store_input_row(t[1][0], t[1][1], t[1][2], t[1][3], v + 4 * point_step, point_step);
}

/// A row of A dy, times At.
INLINE void store_upstream_row(block left, block right, float *v, long point_step) {
  store_block(v, left);
  store_block(v + point_step, left + right);
  store_block(v + 2 * point_step, left - right);
  store_block(v + 3 * point_step, -right);
}

/// Rows of A dy At of one tile of 2 x 2 pixels, a and b above c and d, and one block of outputs.
INLINE void transform_upstream(const enum row_group group, block a, block b, block c, block d, float *v, long point_step) {
  if (group == row_0) store_upstream_row(a, b, v, point_step);
  if (group == rows_1_2) {
    store_upstream_row(a + c, b + d, v, point_step);
    store_upstream_row(a - c, b - d, v + 4 * point_step, point_step);
  }
  if (group == row_3) store_upstream_row(-c, -d, v, point_step);
}

/// Adds products m of a group of rows to both rows of At m, `step` floats apart; the product of row 2 is the second.
INLINE void add_to_halves(const enum row_group group, block m, block second, float *half, long step) {
  if (group == row_0) store_block(half, m);
  if (group == rows_1_2) {
    store_block(half, load_block(half) + m + second);
    store_block(half + step, m - second);
  }
  if (group == row_3) store_block(half + step, load_block(half + step) - m);
}

/// v[channel block][tile][16] u[channel][output] of one point of each row, for `tiles` tiles and `blocks` blocks of outputs, added to
/// half[output block][tile][16] and what lies `step` floats behind it. Rows of v and of u are a row step apart.
INLINE void multiply_tiles(
    const enum row_group group, const int tiles, const int blocks, const float *v, long v_row, const float *u, long u_row, long u_pitch,
    long channels, float *half, long step) {
  const int rows = row_count(group);
  block sums[ACCUMULATORS];
  UNROLL for (int s = 0; s < rows * tiles * blocks; s++) sums[s] = splat_block(0);
  for (long first = 0; first < channels; first += block_size, v += winograd_slab) {
    const long count = channels - first < block_size ? channels - first : block_size;
    for (long k = 0; k < count; k++, u += u_pitch) {
      UNROLL for (int s = 0; s < rows * blocks; s++) {
        block weights = load_block(u + s / blocks * u_row + s % blocks * block_size);
        UNROLL for (int t = 0; t < tiles; t++) {
          sums[s * tiles + t] += splat_block(v[s / blocks * v_row + t * block_size + k]) * weights;
        }
      }
    }
  }
  UNROLL for (int b = 0; b < blocks; b++) {
    UNROLL for (int t = 0; t < tiles; t++) {
      const int s = b * tiles + t;
      add_to_halves(group, sums[s], sums[s + (rows - 1) * blocks * tiles], half + b * winograd_slab + t * block_size, step);
    }
  }
}

/// The products of all blocks of outputs.
INLINE void multiply_point(
    const enum row_group group, const float *v, long v_row, const float *u, long u_row, long u_pitch, long channels, float *half,
    long step) {
  const int most = ACCUMULATORS / row_count(group);
  long first = 0;
#if ACCUMULATORS >= 4
  for (; first + 2 * block_size <= u_pitch; first += 2 * block_size, half += 2 * winograd_slab) {
    for (int t = 0; t < winograd_slab; t += most / 2 * block_size) {
      multiply_tiles(group, most / 2, 2, v + t, v_row, u + first, u_row, u_pitch, channels, half + t, step);
    }
  }
#endif
  for (; first < u_pitch; first += block_size, half += winograd_slab) {
    for (int t = 0; t < winograd_slab; t += most * block_size) {
      multiply_tiles(group, most, 1, v + t, v_row, u + first, u_row, u_pitch, channels, half + t, step);
    }
  }
}

/// Stores up to 16 results, past the caches where `streams`: then all 16, aligned.
INLINE void store_results(float *y, block x, long count, int streams) {
  if (streams) __builtin_nontemporal_store(x, (block *)y);
  else store_block_part(y, x, count);
}

/// (At m) A of one tile and one block of outputs, to the pixels of y that exist.
INLINE void transform_output(
    const float *half, long point_step, float *y, long row_step, long pixel_step, int rows, int columns, long outputs, int streams) {
  for (int i = 0; i < rows; i++, half += 4 * point_step, y += row_step) {
    block a = load_block(half), b = load_block(half + point_step);
    block c = load_block(half + 2 * point_step), d = load_block(half + 3 * point_step);
    store_results(y, a + b + c, outputs, streams);
    if (columns > 1) store_results(y + pixel_step, b - c - d, outputs, streams);
  }
}

/// Fetches the part of what is read next that falls to the tiles from `first` on, of `count`.
INLINE void fetch_part(drn_ahead ahead, long first, long count) {
  enum { line = 16 };
  const long last = first + winograd_tiles < count ? first + winograd_tiles : count;
  const long begin = ahead.floats * first / count / line * line, end = ahead.floats * last / count;
  for (long i = begin; i < end; i += line) __builtin_prefetch(ahead.from + i, 0, 2);
}

/// A group of rows of the points of some tiles: transform, multiply, add.
INLINE void winograd_rows(
    const enum row_group group, const drn_convolution *shape, const float *padded, const float *u, long first, long tiles, float *v,
    float *half) {
  const long in = winograd_point_step(shape->channels), out = winograd_point_step(shape->outputs);
  const long u_pitch = round_to_block(shape->outputs), point = shape->channels * u_pitch;
  const long row_step = shape->padded_width * shape->pixel_pitch;
  const int row = first_row(group);
  tile_place place = place_of_tile(shape, first);
  for (long t = 0; t < tiles; t++, place = next_place(shape, place)) {
    const float *from = padded + place.row * row_step + place.column * shape->pixel_pitch;
    for (long c = 0; c < shape->channels; c += block_size) {
      transform_input(group, from + c, row_step, shape->pixel_pitch, v + t * block_size + c * winograd_tiles, in);
    }
  }
  for (long j = 0; j < 4; j++) {
    multiply_point(group, v + j * in, 4 * in, u + (4 * row + j) * point, 4 * point, u_pitch, shape->channels, half + j * out, 4 * out);
  }
}

/// `work` holds 8 * (point step of the channels + point step of the outputs) floats; the pixel pitch is a multiple of 16.
static void winograd_convolve(
    const drn_convolution *shape, const float *padded, const float *u, drn_ahead ahead, int streams, float *y, float *work) {
  const long in = winograd_point_step(shape->channels), out = winograd_point_step(shape->outputs);
  const long count = (shape->out_height + 1) / 2 * ((shape->out_width + 1) / 2);
  float *v = work, *half = work + 8 * in;
  const int whole = shape->outputs % block_size == 0 && shape->out_pitch % block_size == 0 && (uintptr_t)y % sizeof(block) == 0;
  streams = streams && whole;
  for (long first = 0; first < count; first += winograd_tiles) {
    const long tiles = count - first < winograd_tiles ? count - first : winograd_tiles;
    fetch_part(ahead, first, count);
    // What a group of rows needs stays in the nearest cache.
    winograd_rows(row_0, shape, padded, u, first, tiles, v, half);
    winograd_rows(rows_1_2, shape, padded, u, first, tiles, v, half);
    winograd_rows(row_3, shape, padded, u, first, tiles, v, half);
    tile_place place = place_of_tile(shape, first);
    for (long t = 0; t < tiles; t++, place = next_place(shape, place)) {
      float *to = y + (place.row * shape->out_width + place.column) * shape->out_pitch;
      const int rows = place.row + 1 < shape->out_height ? 2 : 1, columns = place.column + 1 < shape->out_width ? 2 : 1;
      for (long o = 0; o < shape->outputs; o += block_size) {
        transform_output(
            half + t * block_size + o * winograd_tiles, out, to + o, shape->out_width * shape->out_pitch, shape->out_pitch, rows, columns,
            shape->outputs - o, streams);
      }
    }
  }
  // Another thread may read the result next.
  if (streams) __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
