// The weight gradient in the domain of winograd.h.
#pragma once

#include "winograd.h"

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

/// A pixel of the gradient of y; 0 where it or the output does not exist.
INLINE block upstream_pixel(const drn_convolution *shape, const float *dy, long row, long column, long output) {
  if (row >= shape->out_height || column >= shape->out_width) return splat_block(0);
  return load_block_part(dy + (row * shape->out_width + column) * shape->out_pitch + output, shape->outputs - output);
}

/// Rows of the transformed 2 x 2 pixels from a place on, for a block of outputs.
INLINE void transform_upstream_tile(
    const enum row_group group, const drn_convolution *shape, const float *dy, tile_place place, long output, float *d, long point_step) {
  const long row_step = shape->out_width * shape->out_pitch;
  if (place.row + 1 < shape->out_height && place.column + 1 < shape->out_width && output + block_size <= shape->outputs) {
    const float *upper = dy + place.row * row_step + place.column * shape->out_pitch + output, *lower = upper + row_step;
    transform_upstream(
        group, load_block(upper), load_block(upper + shape->out_pitch), load_block(lower), load_block(lower + shape->out_pitch), d, point_step);
    return;
  }
  transform_upstream(
      group, upstream_pixel(shape, dy, place.row, place.column, output), upstream_pixel(shape, dy, place.row, place.column + 1, output),
      upstream_pixel(shape, dy, place.row + 1, place.column, output), upstream_pixel(shape, dy, place.row + 1, place.column + 1, output), d,
      point_step);
}

/// A group of rows of the points of some tiles: transform both images, add their products.
INLINE void winograd_gradient_rows(
    const enum row_group group, const drn_convolution *shape, const float *padded, const float *dy, long first, long tiles, float *sums, float *v, float *d) {
  const long width = round_to_block(shape->channels), height = round_to_block(shape->outputs);
  const long in = winograd_point_step(shape->channels), out = winograd_point_step(shape->outputs);
  const long row_step = shape->padded_width * shape->pixel_pitch;
  tile_place place = place_of_tile(shape, first);
  for (long t = 0; t < tiles; t++, place = next_place(shape, place)) {
    const float *from = padded + place.row * row_step + place.column * shape->pixel_pitch;
    for (long c = 0; c < width; c += block_size) {
      transform_input(group, from + c, row_step, shape->pixel_pitch, v + t * block_size + c * winograd_tiles, in);
    }
    for (long o = 0; o < height; o += block_size) {
      transform_upstream_tile(group, shape, dy, place, o, d + t * block_size + o * winograd_tiles, out);
    }
  }
  for (long j = 0; j < 4 * row_count(group); j++) {
    for (long o = 0; o < height; o += block_size) {
      for (long k = 0; k < width; k += ACCUMULATORS) {
        const float *from = v + j * in + k / block_size * block_size * winograd_tiles + k % block_size;
        add_tiles(from, d + j * out + o * winograd_tiles, tiles, sums + ((4 * first_row(group) + j) * width + k) * height + o, height);
      }
    }
  }
}

/// sums[point][channel][output] += the transformed weight gradient of one padded image, channels and outputs rounded up to 16.
///
/// `work` holds 8 * (point step of the channels + point step of the outputs) floats.
static void winograd_weight_gradient(
    const drn_convolution *shape, const float *padded, const float *dy, drn_ahead ahead, drn_ahead upstream_ahead, float *sums, float *work) {
  const long count = (shape->out_height + 1) / 2 * ((shape->out_width + 1) / 2);
  float *v = work, *d = work + 8 * winograd_point_step(shape->channels);
  for (long first = 0; first < count; first += winograd_tiles) {
    const long tiles = count - first < winograd_tiles ? count - first : winograd_tiles;
    fetch_part(ahead, first, count);
    fetch_part(upstream_ahead, first, count);
    winograd_gradient_rows(row_0, shape, padded, dy, first, tiles, sums, v, d);
    winograd_gradient_rows(rows_1_2, shape, padded, dy, first, tiles, sums, v, d);
    winograd_gradient_rows(row_3, shape, padded, dy, first, tiles, sums, v, d);
  }
}

/// One row or column of Gt s, of four sums.
#define WINOGRAD_FIRST(a, b, c, d) ((a) + 0.5f * ((b) + (c)))
#define WINOGRAD_SECOND(a, b, c, d) (0.5f * ((b) - (c)))
#define WINOGRAD_THIRD(a, b, c, d) (0.5f * ((b) + (c)) + (d))

/// The sum of the blocks, in order, of one point.
INLINE block winograd_sum(const float *s, long blocks, long step) {
  block total = load_block(s);
  for (long i = 1; i < blocks; i++) total += load_block(s + i * step);
  return total;
}

static void winograd_finish_gradient(
    const float *sums, long blocks, long channels, long outputs, float *dw, long pitch, long channel_begin, long channel_end) {
  const long height = round_to_block(outputs), point = round_to_block(channels) * height, step = winograd_points * point;
  for (long channel = channel_begin; channel < channel_end; channel++) {
    for (long o = 0; o < outputs; o += block_size) {
      block half[3][4];
      UNROLL for (int j = 0; j < 4; j++) {
        block s[4];
        UNROLL for (int i = 0; i < 4; i++) s[i] = winograd_sum(sums + (4 * i + j) * point + channel * height + o, blocks, step);
        half[0][j] = WINOGRAD_FIRST(s[0], s[1], s[2], s[3]);
        half[1][j] = WINOGRAD_SECOND(s[0], s[1], s[2], s[3]);
        half[2][j] = WINOGRAD_THIRD(s[0], s[1], s[2], s[3]);
      }
      UNROLL for (int i = 0; i < 3; i++) {
        float *to = dw + (3 * i * channels + channel) * pitch + o;
        store_block_part(to, WINOGRAD_FIRST(half[i][0], half[i][1], half[i][2], half[i][3]), outputs - o);
        store_block_part(to + channels * pitch, WINOGRAD_SECOND(half[i][0], half[i][1], half[i][2], half[i][3]), outputs - o);
        store_block_part(to + 2 * channels * pitch, WINOGRAD_THIRD(half[i][0], half[i][1], half[i][2], half[i][3]), outputs - o);
      }
    }
  }
}
