// Convolution of every channel by itself: the lanes hold channels.
//
// Compiled once per instruction set: see table.h.
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

/// The taps of one axis through which windows read a pixel, and the window of the first of them.
typedef struct {
  long first, step, count;  // taps first, first + step, ...
  long window, shift;       // the window of the first; that of each next is `shift` before
} depthwise_taps;

/// Those of pixel `place`, padding counted, among `kernel` taps.
INLINE depthwise_taps taps_of(long place, long kernel, long stride, long dilation) {
  depthwise_taps taps = {0, 0, 0, 0, 0};
  while (taps.first < kernel && (place - taps.first * dilation) % stride != 0) taps.first++;
  if (taps.first == kernel) return taps;
  taps.step = 1;
  while (taps.step * dilation % stride != 0) taps.step++;
  taps.count = (kernel - taps.first - 1) / taps.step + 1;
  taps.window = (place - taps.first * dilation) / stride;
  taps.shift = taps.step * dilation / stride;
  return taps;
}

/// The gradient by `pixels` pixels of a row that are a stride apart, for a block of channels; windows beside the result are left out where
/// `checks` says so.
INLINE void depthwise_gradient_tile(
    const int pixels, const int checks, const drn_windows *shape, long out_height, const float *dy, const float *w, long tap_step,
    depthwise_taps down, depthwise_taps across, float *dx, long count) {
  block sums[depthwise_pixels];
  UNROLL for (int p = 0; p < pixels; p++) sums[p] = splat_block(0);
  for (long i = 0, row = down.window; i < down.count; i++, row -= down.shift) {
    if (row < 0 || row >= out_height) continue;
    const float *weights = w + ((down.first + i * down.step) * shape->kernel_width + across.first) * tap_step;
    const float *in = dy + row * shape->out_width * shape->pixel_pitch;
    for (long j = 0, column = across.window; j < across.count; j++, column -= across.shift, weights += across.step * tap_step) {
      if (checks && (column < 0 || column >= shape->out_width)) continue;
      block weight = load_block_part(weights, count);
      UNROLL for (int p = 0; p < pixels; p++) sums[p] += load_block_part(in + (column + p) * shape->pixel_pitch, count) * weight;
    }
  }
  UNROLL for (int p = 0; p < pixels; p++) store_block_part(dx + p * shape->stride_x * shape->pixel_pitch, sums[p], count);
}

static void depthwise_input_gradient(
    const drn_windows *shape, long out_height, const float *dy, const float *w, long tap_step, float *dx, long row_begin, long row_end) {
  const long step = shape->stride_x, last = shape->out_width - depthwise_pixels;
  for (long row = row_begin; row < row_end; row++) {
    const depthwise_taps down = taps_of(row + shape->top, shape->kernel_height, shape->stride_y, shape->dilation_y);
    for (long start = 0; start < step && start < shape->width; start++) {
      // Columns a stride apart are read through the same taps, each by the window after that of the one before.
      const depthwise_taps first = taps_of(start + shape->left, shape->kernel_width, step, shape->dilation_x);
      const long reach = first.count > 0 ? (first.count - 1) * first.shift : 0;
      for (long c = 0; c < shape->channels; c += block_size) {
        const long count = shape->channels - c;
        depthwise_taps across = first;
        for (long column = start; column < shape->width;) {
          float *out = dx + (row * shape->width + column) * shape->pixel_pitch + c;
          const int fits = column + (depthwise_pixels - 1) * step < shape->width && across.window - reach >= 0 && across.window <= last;
          if (fits) {
            depthwise_gradient_tile(depthwise_pixels, 0, shape, out_height, dy + c, w + c, tap_step, down, across, out, count);
          } else {
            depthwise_gradient_tile(1, 1, shape, out_height, dy + c, w + c, tap_step, down, across, out, count);
          }
          const long done = fits ? depthwise_pixels : 1;
          column += done * step;
          across.window += done;
        }
      }
    }
  }
}
