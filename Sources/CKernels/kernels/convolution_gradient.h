// The weight gradient of a convolution of one padded image.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "block.h"

/// dw[k][block] += sum over pixels of x[k] * dy[block], for `count` successive k.
INLINE void add_outer_products(
    const int count, const drn_convolution *shape, const float *x, const float *dy, float *dw, long dw_pitch, long outputs) {
  block sums[16];
  UNROLL for (int k = 0; k < count; k++) sums[k] = load_block(dw + k * dw_pitch);
  const long step = shape->stride_x * shape->pixel_pitch, row_step = shape->stride_y * shape->padded_width * shape->pixel_pitch;
  for (long row = 0; row < shape->out_height; row++) {
    const float *in = x + row * row_step, *upstream = dy + row * shape->out_width * shape->out_pitch;
    for (long column = 0; column < shape->out_width; column++, in += step, upstream += shape->out_pitch) {
      block gradient = load_block_part(upstream, outputs);
      UNROLL for (int k = 0; k < count; k++) sums[k] += splat_block(in[k]) * gradient;
    }
  }
  UNROLL for (int k = 0; k < count; k++) store_block(dw + k * dw_pitch, sums[k]);
}

/// The rows of dw that belong to `length` successive floats of x.
INLINE void add_run(
    const drn_convolution *shape, const float *x, long length, const float *dy, float *dw, long dw_pitch, long outputs) {
  long k = 0;
  for (; k + 16 <= length; k += 16) add_outer_products(16, shape, x + k, dy, dw + k * dw_pitch, dw_pitch, outputs);
  // The rest at once: the first layer of a network has windows of 9 floats, of which the last alone would take as long as four.
#define REST(count) case count: return add_outer_products(count, shape, x + k, dy, dw + k * dw_pitch, dw_pitch, outputs);
  switch (length - k) {
    REST(1) REST(2) REST(3) REST(4) REST(5) REST(6) REST(7) REST(8) REST(9) REST(10) REST(11) REST(12) REST(13) REST(14) REST(15)
  }
#undef REST
}

static void convolution_weight_gradient(const drn_convolution *shape, const float *padded, const float *dy, float *dw) {
  const long dw_pitch = round_to_block(shape->outputs);
  const int joined = shape->dilation_x == 1 && shape->pixel_pitch == shape->channels;
  const long runs = joined ? 1 : shape->kernel_width, length = joined ? shape->kernel_width * shape->channels : shape->channels;
  for (long first = 0; first < shape->outputs; first += block_size) {
    for (long ky = 0; ky < shape->kernel_height; ky++) {
      for (long run = 0; run < runs; run++) {
        const float *in = padded + (ky * shape->dilation_y * shape->padded_width + run * shape->dilation_x) * shape->pixel_pitch;
        float *out = dw + (ky * runs + run) * length * dw_pitch + first;
        add_run(shape, in, length, dy + first, out, dw_pitch, shape->outputs - first);
      }
    }
  }
}

/// dw[kx][output][block] += sum over pixels of dy[output] * x[kx][block], for `taps` successive columns of the window.
INLINE void add_thin_products(
    const int taps, const int outputs, const drn_convolution *shape, const float *x, const float *dy, float *dw, long dw_tap,
    long dw_output) {
  block sums[24];
  UNROLL for (int t = 0; t < taps; t++) {
    UNROLL for (int o = 0; o < outputs; o++) sums[t * outputs + o] = load_block(dw + t * dw_tap + o * dw_output);
  }
  const long step = shape->stride_x * shape->pixel_pitch, row_step = shape->stride_y * shape->padded_width * shape->pixel_pitch;
  const long tap_step = shape->dilation_x * shape->pixel_pitch;
  for (long row = 0; row < shape->out_height; row++) {
    const float *in = x + row * row_step, *upstream = dy + row * shape->out_width * shape->out_pitch;
    for (long column = 0; column < shape->out_width; column++, in += step, upstream += shape->out_pitch) {
      block values[4];
      UNROLL for (int t = 0; t < taps; t++) values[t] = load_block(in + t * tap_step);
      UNROLL for (int o = 0; o < outputs; o++) {
        block gradient = splat_block(upstream[o]);
        UNROLL for (int t = 0; t < taps; t++) sums[t * outputs + o] += values[t] * gradient;
      }
    }
  }
  UNROLL for (int t = 0; t < taps; t++) {
    UNROLL for (int o = 0; o < outputs; o++) store_block(dw + t * dw_tap + o * dw_output, sums[t * outputs + o]);
  }
}

/// Window columns in threes, then one by one.
INLINE void add_thin_row(
    const int outputs, const drn_convolution *shape, const float *x, const float *dy, float *dw, long dw_tap, long dw_output) {
  long kx = 0;
  const long tap_step = shape->dilation_x * shape->pixel_pitch;
  for (; kx + 3 <= shape->kernel_width; kx += 3) {
    add_thin_products(3, outputs, shape, x + kx * tap_step, dy, dw + kx * dw_tap, dw_tap, dw_output);
  }
  for (; kx < shape->kernel_width; kx++) {
    add_thin_products(1, outputs, shape, x + kx * tap_step, dy, dw + kx * dw_tap, dw_tap, dw_output);
  }
}

static void convolution_weight_gradient_thin(const drn_convolution *shape, const float *padded, const float *dy, float *dw) {
  const long width = round_to_block(shape->channels), dw_tap = shape->outputs * width;
  for (long c = 0; c < width; c += block_size) {
    for (long ky = 0; ky < shape->kernel_height; ky++) {
      const float *in = padded + ky * shape->dilation_y * shape->padded_width * shape->pixel_pitch + c;
      for (long first = 0; first < shape->outputs;) {
        float *out = dw + ky * shape->kernel_width * dw_tap + first * width + c;
        const long left = shape->outputs - first;
        if (left >= 8) { add_thin_row(8, shape, in, dy + first, out, dw_tap, width); first += 8; }
        else if (left >= 4) { add_thin_row(4, shape, in, dy + first, out, dw_tap, width); first += 4; }
        else if (left >= 2) { add_thin_row(2, shape, in, dy + first, out, dw_tap, width); first += 2; }
        else { add_thin_row(1, shape, in, dy + first, out, dw_tap, width); first += 1; }
      }
    }
  }
}
