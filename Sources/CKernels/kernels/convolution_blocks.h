// The weight gradient of a convolution of many channels as products over the pixels of some images, for a block of channels and outputs at a
// time, at any stride and window.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "winograd_wide_gradient.h"

static void block_pixels(const float *x, long pixels, long pitch, long channels, long first, long all, float *blocks) {
  for (long c = 0; c < channels; c += block_size) {
    float *to = blocks + (c * all + first * block_size);
    for (long p = 0; p < pixels; p++) store_block(to + p * block_size, load_block_part(x + p * pitch + c, channels - c));
  }
}

/// Adds the products of one row of `pixels` windows, `step` floats apart.
INLINE void add_block_row(
    const int rows, const int blocks, const float *x, long step, const float *d, long d_step, long pixels, block *sums) {
  for (long p = 0; p < pixels; p++, x += step, d += block_size) {
    block gradients[wide_blocks];
    UNROLL for (int b = 0; b < blocks; b++) gradients[b] = load_block(d + b * d_step);
    UNROLL for (int r = 0; r < rows; r++) {
      block value = splat_block(x[r]);
      UNROLL for (int b = 0; b < blocks; b++) sums[r * blocks + b] += value * gradients[b];
    }
  }
}

/// dw of `wide_rows` channels by some blocks of outputs for one tap, whose first pixel is at x; `channels` of them and `outputs` exist.
INLINE void block_gradient(
    const int blocks, const drn_convolution *shape, long images, const float *x, long image_step, const float *d, long d_step, int adds,
    long channels, long outputs, float *dw, long pitch) {
  block sums[wide_rows * wide_blocks];
  UNROLL for (int i = 0; i < wide_rows * blocks; i++) sums[i] = splat_block(0);
  const long step = shape->stride_x * block_size, row_step = shape->stride_y * shape->padded_width * block_size;
  for (long image = 0; image < images; image++, x += image_step) {
    for (long row = 0; row < shape->out_height; row++, d += shape->out_width * block_size) {
      add_block_row(wide_rows, blocks, x + row * row_step, step, d, d_step, shape->out_width, sums);
    }
  }
  UNROLL for (int r = 0; r < wide_rows; r++) {
    if (r >= channels) break;
    UNROLL for (int b = 0; b < blocks; b++) {
      float *to = dw + r * pitch + b * block_size;
      const long count = outputs - b * block_size;
      store_block_part(to, adds ? load_block_part(to, count) + sums[r * blocks + b] : sums[r * blocks + b], count);
    }
  }
}

static void convolution_weight_gradient_blocks(
    const drn_convolution *shape, long images, const float *x, long padded_pixels, const float *d, int adds, long channel_begin,
    long channel_end, long output, long outputs, float *dw, long pitch) {
  const long x_step = images * padded_pixels * block_size, d_step = images * shape->out_height * shape->out_width * block_size;
  const long taps = shape->kernel_height * shape->kernel_width;
  for (long channel = channel_begin; channel < channel_end; channel += block_size) {
    for (long o = 0; o < outputs; o += wide_blocks * block_size) {
      const float *upstream = d + (output + o) / block_size * d_step;
      for (long tap = 0; tap < taps; tap++) {
        const long ky = tap / shape->kernel_width * shape->dilation_y, kx = tap % shape->kernel_width * shape->dilation_x;
        const float *from = x + channel / block_size * x_step + (ky * shape->padded_width + kx) * block_size;
        for (long c = channel; c < channel_end && c < channel + block_size; c += wide_rows) {
          float *to = dw + (tap * shape->channels + c) * pitch + output + o;
          const float *in = from + c % block_size;
          const long image_step = padded_pixels * block_size;
#if LANES == 16
          if (outputs - o > block_size) {
            block_gradient(2, shape, images, in, image_step, upstream, d_step, adds, channel_end - c, outputs - o, to, pitch);
            continue;
          }
#endif
          block_gradient(1, shape, images, in, image_step, upstream, d_step, adds, channel_end - c, outputs - o, to, pitch);
        }
      }
    }
  }
}
