// Convolution of every channel by itself: the lanes hold channels.
#pragma once

#include "block.h"

enum { depthwise_pixels = 4 };

/// `pixels` results of one row for a block of channels.
INLINE void depthwise_tile(
    const int pixels, const drn_convolution *shape, const float *x, const float *w, long tap_step, float *y, long count) {
  block sums[depthwise_pixels];
  UNROLL for (int p = 0; p < pixels; p++) sums[p] = splat_block(0);
  const long step = shape->stride_x * shape->pixel_pitch;
  for (long ky = 0; ky < shape->kernel_height; ky++) {
    for (long kx = 0; kx < shape->kernel_width; kx++, w += tap_step) {
      const float *in = x + (ky * shape->dilation_y * shape->padded_width + kx * shape->dilation_x) * shape->pixel_pitch;
      block weights = load_block_part(w, count);
      UNROLL for (int p = 0; p < pixels; p++) sums[p] += load_block(in + p * step) * weights;
    }
  }
  UNROLL for (int p = 0; p < pixels; p++) store_block_part(y + p * shape->out_pitch, sums[p], count);
}

static void convolve_depthwise(
    const drn_convolution *shape, const float *padded, const float *w, long tap_step, float *y, long row_begin, long row_end) {
  const long step = shape->stride_x * shape->pixel_pitch;
  for (long row = row_begin; row < row_end; row++) {
    for (long c = 0; c < shape->channels; c += block_size) {
      const float *in = padded + row * shape->stride_y * shape->padded_width * shape->pixel_pitch + c;
      float *out = y + row * shape->out_width * shape->out_pitch + c;
      const long count = shape->channels - c;
      long column = 0;
      for (; column + depthwise_pixels <= shape->out_width; column += depthwise_pixels) {
        depthwise_tile(depthwise_pixels, shape, in + column * step, w + c, tap_step, out + column * shape->out_pitch, count);
      }
      for (; column < shape->out_width; column++) {
        depthwise_tile(1, shape, in + column * step, w + c, tap_step, out + column * shape->out_pitch, count);
      }
    }
  }
}

static void convolution_weight_gradient_depthwise(const drn_convolution *shape, const float *padded, const float *dy, float *dw) {
  const long width = round_to_block(shape->channels), step = shape->stride_x * shape->pixel_pitch;
  for (long c = 0; c < shape->channels; c += block_size) {
    for (long tap = 0; tap < shape->kernel_height * shape->kernel_width; tap++) {
      const long ky = tap / shape->kernel_width, kx = tap % shape->kernel_width;
      const float *first = padded + (ky * shape->dilation_y * shape->padded_width + kx * shape->dilation_x) * shape->pixel_pitch + c;
      block sums[2] = {load_block(dw + tap * width + c), splat_block(0)};
      for (long row = 0; row < shape->out_height; row++) {
        const float *in = first + row * shape->stride_y * shape->padded_width * shape->pixel_pitch;
        const float *upstream = dy + row * shape->out_width * shape->out_pitch + c;
        long column = 0;
        for (; column + 2 <= shape->out_width; column += 2, in += 2 * step, upstream += 2 * shape->out_pitch) {
          sums[0] += load_block(in) * load_block_part(upstream, shape->channels - c);
          sums[1] += load_block(in + step) * load_block_part(upstream + shape->out_pitch, shape->channels - c);
        }
        if (column < shape->out_width) sums[0] += load_block(in) * load_block_part(upstream, shape->channels - c);
      }
      store_block(dw + tap * width + c, sums[0] + sums[1]);
    }
  }
}
