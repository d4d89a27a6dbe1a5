// The gradient by the weight in the domain of winograd_wide.h: products over the tiles of whole images, for a block of channels and outputs
// at a time.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "winograd_wide.h"

/// s[row][block] = the sum over tiles of v[tile][row] d[block][tile][16].
INLINE void multiply_wide_sums(
    const int rows, const int blocks, const float *v, const float *d, long d_step, long tiles, float *s, long s_pitch) {
  block sums[wide_rows * wide_blocks];
  UNROLL for (int i = 0; i < rows * blocks; i++) sums[i] = splat_block(0);
  for (long t = 0; t < tiles; t++, v += block_size, d += block_size) {
    block gradients[wide_blocks];
    UNROLL for (int b = 0; b < blocks; b++) gradients[b] = load_block(d + b * d_step);
    UNROLL for (int r = 0; r < rows; r++) {
      block value = splat_block(v[r]);
      UNROLL for (int b = 0; b < blocks; b++) sums[r * blocks + b] += value * gradients[b];
    }
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int b = 0; b < blocks; b++) store_block(s + r * s_pitch + b * block_size, sums[r * blocks + b]);
  }
}

static void winograd_wide_weight_gradient(
    const drn_convolution *shape, const float *v, const float *d, long tiles, int adds, long channel_begin, long channel_end, long output,
    long outputs, float *dw, long pitch, float *work) {
  const long v_step = winograd_wide_step(shape->channels, tiles), d_step = winograd_wide_step(shape->outputs, tiles);
  const long width = round_to_block(outputs), s_step = block_size * width + block_size;
  for (long channel = channel_begin; channel < channel_end; channel += block_size) {
    for (long point = 0; point < winograd_points; point++) {
      const float *from = v + point * v_step + channel * tiles, *upstream = d + point * d_step + output * tiles;
      long o = 0;
#if LANES == 16
      for (; o + 2 * block_size <= width; o += 2 * block_size) {
        for (int r = 0; r < block_size; r += wide_rows) {
          multiply_wide_sums(
              wide_rows, 2, from + r, upstream + o * tiles, block_size * tiles, tiles, work + point * s_step + r * width + o, width);
        }
      }
#endif
      for (; o < width; o += block_size) {
        for (int r = 0; r < block_size; r += wide_rows) {
          multiply_wide_sums(
              wide_rows, 1, from + r, upstream + o * tiles, block_size * tiles, tiles, work + point * s_step + r * width + o, width);
        }
      }
    }
    for (long c = channel; c < channel_end && c < channel + block_size; c++) {
      for (long o = 0; o < outputs; o += block_size) {
        finish_weights(
            work + (c - channel) * width + o, s_step, 1, outputs - o, adds, dw + c * pitch + output + o, shape->channels * pitch);
      }
    }
  }
}
