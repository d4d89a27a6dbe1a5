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

INLINE block upstream_pixel(const drn_convolution *shape, const float *dy, long row, long column, long output) {
  if (row >= shape->out_height || column >= shape->out_width) return splat_block(0);
  return load_block_part(dy + (row * shape->out_width + column) * shape->out_pitch + output, shape->outputs - output);
}

/// sums[point][channel][output] += the transformed weight gradient of one padded image, channels and outputs rounded up to 16.
///
/// `work` holds 16 * (point step of the channels + point step of the outputs) floats.
static void winograd_weight_gradient(const drn_convolution *shape, const float *padded, const float *dy, float *sums, float *work) {
  const long limit = winograd_tiles, width = round_to_block(shape->channels), height = round_to_block(shape->outputs);
  const long in = winograd_point_step(shape->channels), out = winograd_point_step(shape->outputs);
  const long across = (shape->out_width + 1) / 2, count = (shape->out_height + 1) / 2 * across;
  const long row_step = shape->padded_width * shape->pixel_pitch;
  float *v = work, *d = work + winograd_points * in;
  for (long first = 0; first < count; first += limit) {
    const long tiles = count - first < limit ? count - first : limit;
    for (long t = 0; t < tiles; t++) {
      const long row = (first + t) / across * 2, column = (first + t) % across * 2;
      const float *from = padded + row * row_step + column * shape->pixel_pitch;
      float *to = v + t * block_size, *upstream = d + t * block_size;
      for (long c = 0; c < width; c += block_size) transform_input(from + c, row_step, shape->pixel_pitch, to + c * limit, in);
      for (long o = 0; o < height; o += block_size) {
        transform_upstream(
            upstream_pixel(shape, dy, row, column, o), upstream_pixel(shape, dy, row, column + 1, o),
            upstream_pixel(shape, dy, row + 1, column, o), upstream_pixel(shape, dy, row + 1, column + 1, o), upstream + o * limit, out);
      }
    }
    for (long p = 0; p < winograd_points; p++) {
      for (long o = 0; o < height; o += block_size) {
        for (long k = 0; k < width; k += ACCUMULATORS) {
          const float *from = v + p * in + k / block_size * block_size * limit + k % block_size;
          add_tiles(from, d + p * out + o * limit, tiles, sums + (p * width + k) * height + o, height);
        }
      }
    }
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
