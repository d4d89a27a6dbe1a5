// Convolution by 3 x 3 windows at stride 1 after Winograd.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "winograd_tiles.h"

/// The weight of one tap for a block of columns of u.
INLINE block winograd_tap(const float *w, long step, int tap, int reversed, long column_step, long count) {
  const float *from = w + (reversed ? 8 - tap : tap) * step;
  if (!reversed) return load_block_part(from, count);
  float lanes[block_size];
  for (long i = 0; i < block_size; i++) lanes[i] = i < count ? from[i * column_step] : 0;
  return load_block(lanes);
}

/// G w Gt of a block of weights, to u[point * point_step].
INLINE void transform_weights(const block *taps, float *u, long point_step) {
  UNROLL for (int pair = 0; pair < winograd_pairs; pair++) {
    block rows[2][winograd_row];
    UNROLL for (int i = 0; i < 3; i++) {
      const block column[3] = {taps[i], taps[3 + i], taps[6 + i]};
      block_pair points = weight_points(pair, column);
      rows[0][i] = points.first;
      rows[1][i] = points.second;
    }
    store_rows(weight_points, rows, u + 2 * pair * winograd_row * point_step, point_step);
  }
}

static void winograd_weights(
    const float *w, long pitch, long channels, long outputs, int reversed, float *u, long row_begin, long row_end) {
  const long rows = reversed ? outputs : channels, columns = reversed ? channels : outputs, width = round_to_block(columns);
  for (long row = row_begin; row < row_end; row++) {
    for (long column = 0; column < columns; column += block_size) {
      const float *from = w + (reversed ? column * pitch + row : row * pitch + column);
      block taps[9];
      UNROLL for (int tap = 0; tap < 9; tap++) {
        taps[tap] = winograd_tap(from, channels * pitch, tap, reversed, pitch, columns - column);
      }
      transform_weights(taps, u + row * width + column, rows * width);
    }
  }
}

/// Adds a pair of products of one column of points to the rows of At m, `step` floats apart; the first pair sets what it reaches.
INLINE void add_to_halves(const int pair, block first, block second, float *half, long step) {
  UNROLL for (int i = 0; i < winograd_tile; i++) {
    if (!reaches_result(pair, i)) continue;
    block part = result_part(pair, i, first, second);
    store_block(half + i * step, is_first_part(pair, i) ? part : load_block(half + i * step) + part);
  }
}

/// v[channel block][tile][16] u[channel][output] of one point of both rows, for `tiles` tiles and `blocks` blocks of outputs, added to
/// half[output block][tile][16] and what lies `step` floats behind it. Rows of v and of u are a row step apart.
INLINE void multiply_tiles(
    const int pair, const int tiles, const int blocks, const float *v, long v_row, const float *u, long u_row, long u_pitch,
    long channels, float *half, long step) {
  block sums[ACCUMULATORS];
  UNROLL for (int s = 0; s < 2 * tiles * blocks; s++) sums[s] = splat_block(0);
  for (long first = 0; first < channels; first += block_size, v += winograd_slab) {
    const long count = channels - first < block_size ? channels - first : block_size;
    for (long k = 0; k < count; k++, u += u_pitch) {
      UNROLL for (int s = 0; s < 2 * blocks; s++) {
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
      add_to_halves(pair, sums[s], sums[s + blocks * tiles], half + b * winograd_slab + t * block_size, step);
    }
  }
}

/// The products of all blocks of outputs.
INLINE void multiply_point(
    const int pair, const float *v, long v_row, const float *u, long u_row, long u_pitch, long channels, float *half,
    long step) {
  enum { most = ACCUMULATORS / 2 };
  long first = 0;
#if ACCUMULATORS >= 4
  for (; first + 2 * block_size <= u_pitch; first += 2 * block_size, half += 2 * winograd_slab) {
    for (long t = 0; t < winograd_slab; t += most / 2 * block_size) {
      multiply_tiles(pair, most / 2, 2, v + t, v_row, u + first, u_row, u_pitch, channels, half + t, step);
    }
  }
#endif
  for (; first < u_pitch; first += block_size, half += winograd_slab) {
    for (long t = 0; t < winograd_slab; t += most * block_size) {
      multiply_tiles(pair, most, 1, v + t, v_row, u + first, u_row, u_pitch, channels, half + t, step);
    }
  }
}

/// Two rows of points of some tiles: transform, multiply, add. What they need stays in the nearest cache.
INLINE void winograd_rows(
    const int pair, const winograd_images *images, const float *padded, const float *u, tile_place place, long tiles,
    float *v, float *half) {
  const drn_convolution *shape = images->shape;
  const long in = winograd_point_step(shape->channels), out = winograd_point_step(shape->outputs);
  const long u_pitch = round_to_block(shape->outputs), point = shape->channels * u_pitch;
  transform_inputs(pair, images, padded, place, tiles, v);
  for (long j = 0; j < winograd_row; j++) {
    multiply_point(
        pair, v + j * in, winograd_row * in, u + (2 * pair * winograd_row + j) * point, winograd_row * point, u_pitch, shape->channels,
        half + j * out, winograd_row * out);
  }
}

/// Stores up to 16 results, past the caches where `streams`: then all 16, aligned.
INLINE void store_results(float *y, block x, long count, int streams) {
  if (streams) __builtin_nontemporal_store(x, (block *)y);
  else store_block_part(y, x, count);
}

/// (At m) A of one tile and one block of outputs, to the pixels of y that exist.
INLINE void transform_output(
    const float *half, long point_step, float *y, long row_step, long pixel_step, long rows, long columns, long outputs,
    int streams) {
  for (long i = 0; i < rows; i++, half += winograd_row * point_step, y += row_step) {
    block results[winograd_tile];
    UNROLL for (int pair = 0; pair < winograd_pairs; pair++) {
      block first = load_block(half + 2 * pair * point_step), second = load_block(half + (2 * pair + 1) * point_step);
      UNROLL for (int j = 0; j < winograd_tile; j++) {
        if (!reaches_result(pair, j)) continue;
        block part = result_part(pair, j, first, second);
        results[j] = is_first_part(pair, j) ? part : results[j] + part;
      }
    }
    UNROLL for (int j = 0; j < winograd_tile; j++) {
      if (j < columns) store_results(y + j * pixel_step, results[j], outputs, streams);
    }
  }
}

static void winograd_convolve(
    const drn_convolution *shape, long images, const float *padded, long image_step, const float *u, drn_ahead ahead, int streams, float *y,
    float *work) {
  const winograd_images all = images_of(shape, images, image_step);
  float *v = work, *half = work + 2 * winograd_row * winograd_point_step(shape->channels);
  const int whole = shape->outputs % block_size == 0 && shape->out_pitch % block_size == 0 && (uintptr_t)y % sizeof(block) == 0;
  streams = streams && whole;
  for (long first = 0; first < all.count; first += winograd_tiles) {
    const long tiles = all.count - first < winograd_tiles ? all.count - first : winograd_tiles;
    tile_place place = place_of_tile(&all, first);
    fetch_part(ahead, first, tiles, all.count);
    UNROLL for (int pair = 0; pair < winograd_pairs; pair++) winograd_rows(pair, &all, padded, u, place, tiles, v, half);
    for (long t = 0; t < tiles; t++, place = next_place(&all, place)) {
      float *to = y + place.image * all.out_image_step + place.row * all.out_row_step + place.column * shape->out_pitch;
      const long rows = inside_of(place.row, shape->out_height), columns = inside_of(place.column, shape->out_width);
      for (long o = 0; o < shape->outputs; o += block_size) {
        transform_output(
            half + t * block_size + o * winograd_tiles, winograd_point_step(shape->outputs), to + o, all.out_row_step,
            shape->out_pitch, rows, columns, shape->outputs - o, streams);
      }
    }
  }
  // Another thread may read the result next.
  if (streams) __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
