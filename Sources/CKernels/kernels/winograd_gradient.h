// The gradient by the weight in the domain of winograd.h.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "winograd_tiles.h"

/// sums[channel][16] += v[tile][channel] d[tile][16] for ACCUMULATORS channels of one point.
INLINE void add_tiles(const float *v, const float *d, long tiles, float *sums, long sum_pitch) {
  block total[ACCUMULATORS];
  UNROLL for (int k = 0; k < ACCUMULATORS; k++) total[k] = load_block(sums + k * sum_pitch);
  for (long t = 0; t < tiles; t++, v += block_size, d += block_size) {
    block gradient = load_block(d);
    UNROLL for (int k = 0; k < ACCUMULATORS; k++) total[k] += splat_block(v[k]) * gradient;
  }
  UNROLL for (int k = 0; k < ACCUMULATORS; k++) store_block(sums + k * sum_pitch, total[k]);
}

/// Two rows of points of A dy At of one tile and a block of outputs, of which `count` exist, to d[point * point_step]; pixels of the tile
/// outside the first `height` rows and `width` columns count as 0.
INLINE void transform_upstream(
    const int pair, const float *dy, long row_step, long pixel_step, long height, long width, long count, float *d,
    long point_step) {
  const int whole = height == winograd_tile && width == winograd_tile && count >= block_size;
  block rows[2][winograd_row];
  UNROLL for (int j = 0; j < winograd_tile; j++) {
    block column[winograd_tile];
    UNROLL for (int i = 0; i < winograd_tile; i++) {
      const float *from = dy + i * row_step + j * pixel_step;
      column[i] = whole ? load_block(from) : i < height && j < width ? load_block_part(from, count) : splat_block(0);
    }
    block_pair points = upstream_points(pair, column);
    rows[0][j] = points.first;
    rows[1][j] = points.second;
  }
  store_rows(upstream_points, rows, d, point_step);
}

/// Two rows of points of some tiles: transform both images, add their products.
INLINE void winograd_gradient_rows(
    const int pair, const winograd_images *images, const float *padded, const float *dy, tile_place place, long tiles,
    float *sums, float *v, float *d) {
  const drn_convolution *shape = images->shape;
  const long width = round_to_block(shape->channels), height = round_to_block(shape->outputs);
  const long in = winograd_point_step(shape->channels), out = winograd_point_step(shape->outputs);
  transform_inputs(pair, images, padded, place, tiles, v);
  for (long t = 0; t < tiles; t++, place = next_place(images, place)) {
    const float *from = dy + place.image * images->out_image_step + place.row * images->out_row_step + place.column * shape->out_pitch;
    for (long o = 0; o < height; o += block_size) {
      transform_upstream(
          pair, from + o, images->out_row_step, shape->out_pitch, inside_of(place.row, shape->out_height),
          inside_of(place.column, shape->out_width), shape->outputs - o, d + t * block_size + o * winograd_tiles, out);
    }
  }
  for (long j = 0; j < 2 * winograd_row; j++) {
    for (long o = 0; o < height; o += block_size) {
      for (long k = 0; k < width; k += ACCUMULATORS) {
        const float *from = v + j * in + k / block_size * winograd_slab + k % block_size;
        add_tiles(from, d + j * out + o * winograd_tiles, tiles, sums + ((2 * pair * winograd_row + j) * width + k) * height + o, height);
      }
    }
  }
}

static void winograd_weight_gradient(
    const drn_convolution *shape, long images, const float *padded, long image_step, const float *dy, drn_ahead ahead,
    drn_ahead upstream_ahead, float *sums, float *work) {
  const winograd_images all = images_of(shape, images, image_step);
  float *v = work, *d = work + 2 * winograd_row * winograd_point_step(shape->channels);
  for (long first = 0; first < all.count; first += winograd_tiles) {
    const long tiles = all.count - first < winograd_tiles ? all.count - first : winograd_tiles;
    const tile_place place = place_of_tile(&all, first);
    fetch_part(ahead, first, tiles, all.count);
    fetch_part(upstream_ahead, first, tiles, all.count);
    UNROLL for (int pair = 0; pair < winograd_pairs; pair++) {
      winograd_gradient_rows(pair, &all, padded, dy, place, tiles, sums, v, d);
    }
  }
}

/// The sum of the blocks, in order, of one point.
INLINE block winograd_sum(const float *s, long blocks, long step) {
  block total = load_block(s);
  for (long i = 1; i < blocks; i++) total += load_block(s + i * step);
  return total;
}

/// Gt s G of a block of outputs of one channel, added over `blocks` arrays of sums, to dw[tap * tap_step]; where `adds`, to what is there.
INLINE void finish_weights(const float *sums, long point, long blocks, long count, int adds, float *dw, long tap_step) {
  const long step = winograd_points * point;
  block half[3][winograd_row];
  UNROLL for (int j = 0; j < winograd_row; j++) {
    block s[winograd_row];
    UNROLL for (int i = 0; i < winograd_row; i++) s[i] = winograd_sum(sums + (i * winograd_row + j) * point, blocks, step);
    weight_gradient(s, &half[0][j], &half[1][j], &half[2][j]);
  }
  UNROLL for (int i = 0; i < 3; i++, dw += 3 * tap_step) {
    block taps[3];
    weight_gradient(half[i], &taps[0], &taps[1], &taps[2]);
    UNROLL for (int j = 0; j < 3; j++) {
      float *to = dw + j * tap_step;
      store_block_part(to, adds ? load_block_part(to, count) + taps[j] : taps[j], count);
    }
  }
}

static void winograd_finish_gradient(
    const float *sums, long blocks, long channels, long outputs, float *dw, long pitch, long channel_begin, long channel_end) {
  const long height = round_to_block(outputs), point = round_to_block(channels) * height;
  for (long channel = channel_begin; channel < channel_end; channel++) {
    for (long o = 0; o < outputs; o += block_size) {
      finish_weights(sums + channel * height + o, point, blocks, outputs - o, 0, dw + channel * pitch + o, channels * pitch);
    }
  }
}
