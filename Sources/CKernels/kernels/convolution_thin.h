// Convolution by few outputs: the lanes hold input channels, and a sum over the lanes ends each tile.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "block.h"

static void pack_thin_weights(const float *w, long pitch, long taps, long channels, long outputs, float *packed) {
  const long width = round_to_block(channels);
  for (long tap = 0; tap < taps; tap++) {
    for (long output = 0; output < outputs; output++, packed += width) {
      for (long c = 0; c < width; c++) packed[c] = c < channels ? w[(tap * channels + c) * pitch + output] : 0;
    }
  }
}

static void pack_reversed_thin_weights(const float *w, long pitch, long taps, long channels, long outputs, float *packed) {
  const long width = round_to_block(outputs);
  for (long tap = taps - 1; tap >= 0; tap--) {
    for (long c = 0; c < channels; c++, packed += width) {
      memcpy(packed, w + (tap * channels + c) * pitch, (size_t)outputs * sizeof *packed);
      memset(packed + outputs, 0, (size_t)(width - outputs) * sizeof *packed);
    }
  }
}

/// Adds halves of pairs: lanes 0..<8 of the result hold x folded once, lanes 8..<16 y.
INLINE block fold_halves(block x, block y) {
  return __builtin_shufflevector(x, y, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
         __builtin_shufflevector(x, y, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
}
INLINE block fold_quarters(block x, block y) {
  return __builtin_shufflevector(x, y, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
         __builtin_shufflevector(x, y, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
}
INLINE block fold_pairs(block x, block y) {
  return __builtin_shufflevector(x, y, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29) +
         __builtin_shufflevector(x, y, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31);
}
INLINE block fold_neighbours(block x, block y) {
  return __builtin_shufflevector(x, y, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30) +
         __builtin_shufflevector(x, y, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}

/// Lane i of the result is the sum of the lanes of sums[i].
INLINE block sum_of_each(const block *sums) {
  block a[8], b[4], c[2];
  UNROLL for (int i = 0; i < 8; i++) a[i] = fold_halves(sums[2 * i], sums[2 * i + 1]);
  UNROLL for (int i = 0; i < 4; i++) b[i] = fold_quarters(a[2 * i], a[2 * i + 1]);
  UNROLL for (int i = 0; i < 2; i++) c[i] = fold_pairs(b[2 * i], b[2 * i + 1]);
  return fold_neighbours(c[0], c[1]);
}

/// `pixels` results of one row by `outputs` outputs; `pixels * outputs` is at most 16.
INLINE void convolve_thin_tile(
    const int pixels, const int outputs, const drn_convolution *shape, const float *x, const float *packed, long packed_tap, float *y) {
  block sums[block_size];
  UNROLL for (int i = 0; i < block_size; i++) sums[i] = splat_block(0);
  const long step = shape->stride_x * shape->pixel_pitch, width = round_to_block(shape->channels);
  for (long ky = 0; ky < shape->kernel_height; ky++) {
    for (long kx = 0; kx < shape->kernel_width; kx++, packed += packed_tap) {
      const float *in = x + (ky * shape->dilation_y * shape->padded_width + kx * shape->dilation_x) * shape->pixel_pitch;
      for (long c = 0; c < width; c += block_size) {
        block weights[block_size];
        UNROLL for (int o = 0; o < outputs; o++) weights[o] = load_block(packed + o * width + c);
        UNROLL for (int p = 0; p < pixels; p++) {
          block values = load_block(in + p * step + c);
          UNROLL for (int o = 0; o < outputs; o++) sums[p * outputs + o] += values * weights[o];
        }
      }
    }
  }
  float results[block_size];
  store_block(results, sum_of_each(sums));
  UNROLL for (int p = 0; p < pixels; p++) {
    UNROLL for (int o = 0; o < outputs; o++) y[p * shape->out_pitch + o] = results[p * outputs + o];
  }
}

INLINE void convolve_thin_row(
    const int pixels, const int outputs, const drn_convolution *shape, const float *x, const float *packed, long packed_tap, float *y) {
  const long step = shape->stride_x * shape->pixel_pitch;
  long column = 0;
  for (; column + pixels <= shape->out_width; column += pixels) {
    convolve_thin_tile(pixels, outputs, shape, x + column * step, packed, packed_tap, y + column * shape->out_pitch);
  }
  for (; column < shape->out_width; column++) {
    convolve_thin_tile(1, outputs, shape, x + column * step, packed, packed_tap, y + column * shape->out_pitch);
  }
}

static void convolve_thin(
    const drn_convolution *shape, const float *padded, const float *packed, float *y, long row_begin, long row_end) {
  const long width = round_to_block(shape->channels), packed_tap = shape->outputs * width;
  for (long row = row_begin; row < row_end; row++) {
    const float *in = padded + row * shape->stride_y * shape->padded_width * shape->pixel_pitch;
    float *out = y + row * shape->out_width * shape->out_pitch;
    for (long first = 0; first < shape->outputs;) {
      const float *weights = packed + first * width;
      const long left = shape->outputs - first;
      if (left >= 8) { convolve_thin_row(2, 8, shape, in, weights, packed_tap, out + first); first += 8; }
      else if (left >= 4) { convolve_thin_row(4, 4, shape, in, weights, packed_tap, out + first); first += 4; }
      else if (left >= 2) { convolve_thin_row(8, 2, shape, in, weights, packed_tap, out + first); first += 2; }
      else { convolve_thin_row(16, 1, shape, in, weights, packed_tap, out + first); first += 1; }
    }
  }
}
