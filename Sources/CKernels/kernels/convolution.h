// Direct convolution of a padded image: a block of pixels by one or two blocks of 16 outputs stays in registers.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "block.h"

static void zero(float *from, long count) { memset(from, 0, (size_t)count * sizeof *from); }

/// Zeros around the pixels of the image, whose columns first..<last lie in the padded one.
static void pad_border(
    long height, long width, long top, long left, long padded_height, long padded_width, long pixel_pitch, float *padded) {
  const long first = left < 0 ? 0 : left, last = left + width < padded_width ? left + width : padded_width;
  for (long row = 0; row < padded_height; row++) {
    float *out = padded + row * padded_width * pixel_pitch;
    if (row < top || row >= top + height || first >= last) {
      zero(out, padded_width * pixel_pitch);
      continue;
    }
    zero(out, first * pixel_pitch);
    zero(out + last * pixel_pitch, (padded_width - last) * pixel_pitch);
  }
}

static void pad_image(
    const float *x, long height, long width, long x_pitch, long channels, long top, long left, long padded_height, long padded_width,
    long pixel_pitch, float *padded) {
  const long first = left < 0 ? -left : 0, last = width < padded_width - left ? width : padded_width - left;
  pad_border(height, width, top, left, padded_height, padded_width, pixel_pitch, padded);
  if (first >= last) return;
  for (long row = top < 0 ? 0 : top; row < padded_height && row < top + height; row++) {
    const float *in = x + ((row - top) * width + first) * x_pitch;
    float *out = padded + (row * padded_width + left + first) * pixel_pitch;
    if (x_pitch == channels && pixel_pitch == channels) {
      memcpy(out, in, (size_t)((last - first) * channels) * sizeof *out);
      continue;
    }
    for (long column = first; column < last; column++, in += x_pitch, out += pixel_pitch) {
      memcpy(out, in, (size_t)channels * sizeof *out);
      zero(out + channels, pixel_pitch - channels);
    }
  }
}

static void pack_weights(const float *w, long pitch, long taps, long channels, long outputs, float *packed) {
  for (long first = 0; first < outputs; first += block_size) {
    for (long row = 0; row < taps * channels; row++, packed += block_size) {
      store_block(packed, load_block_part(w + row * pitch + first, outputs - first));
    }
  }
}

static void pack_reversed_weights(const float *w, long pitch, long taps, long channels, long outputs, float *packed) {
  for (long first = 0; first < channels; first += block_size) {
    for (long tap = 0; tap < taps; tap++) {
      const float *from = w + ((taps - 1 - tap) * channels + first) * pitch;
      for (long output = 0; output < outputs; output++, packed += block_size) {
        for (long i = 0; i < block_size; i++) packed[i] = first + i < channels ? from[i * pitch + output] : 0;
      }
    }
  }
}

/// `pixels` results of one row by `blocks` blocks of outputs, from pixels `step` floats apart; `pixels * blocks` is at most ACCUMULATORS.
INLINE void convolve_tile(
    const int pixels, const int blocks, const long step, const drn_convolution *shape, const float *x, const float *packed,
    long packed_block, float *y, long outputs) {
  block sums[ACCUMULATORS];
  UNROLL for (int i = 0; i < pixels * blocks; i++) sums[i] = splat_block(0);
  // Without gaps between the elements of a window row, a row is one run of channels.
  const int joined = shape->dilation_x == 1 && shape->pixel_pitch == shape->channels;
  const long runs = joined ? 1 : shape->kernel_width, length = joined ? shape->kernel_width * shape->channels : shape->channels;
  for (long ky = 0; ky < shape->kernel_height; ky++) {
    for (long run = 0; run < runs; run++) {
      const float *in = x + (ky * shape->dilation_y * shape->padded_width + run * shape->dilation_x) * shape->pixel_pitch;
      for (long k = 0; k < length; k++, packed += block_size) {
        UNROLL for (int b = 0; b < blocks; b++) {
          block weights = load_block(packed + b * packed_block);
          UNROLL for (int p = 0; p < pixels; p++) sums[p * blocks + b] += splat_block(in[p * step + k]) * weights;
        }
      }
    }
  }
  UNROLL for (int p = 0; p < pixels; p++) {
    UNROLL for (int b = 0; b < blocks; b++) {
      store_block_part(y + p * shape->out_pitch + b * block_size, sums[p * blocks + b], outputs - b * block_size);
    }
  }
}

/// One row of results, in tiles of `pixels`; the last tile overlaps the one before it.
INLINE void convolve_row_by(
    const int pixels, const int blocks, const long step, const drn_convolution *shape, const float *x, const float *packed,
    long packed_block, float *y, long outputs) {
  for (long column = 0; column < shape->out_width; column += pixels) {
    long start = column + pixels <= shape->out_width ? column : shape->out_width - pixels;
    convolve_tile(pixels, blocks, step, shape, x + start * step, packed, packed_block, y + start * shape->out_pitch, outputs);
  }
}

/// A step known to the compiler turns the addresses of all pixels into one register and constants.
INLINE void convolve_row(
    const int pixels, const int blocks, const drn_convolution *shape, const float *x, const float *packed, long packed_block,
    float *y, long outputs) {
  const long step = shape->stride_x * shape->pixel_pitch;
  switch (step) {
  case 3: return convolve_row_by(pixels, blocks, 3, shape, x, packed, packed_block, y, outputs);
  case 4: return convolve_row_by(pixels, blocks, 4, shape, x, packed, packed_block, y, outputs);
  case 8: return convolve_row_by(pixels, blocks, 8, shape, x, packed, packed_block, y, outputs);
  case 16: return convolve_row_by(pixels, blocks, 16, shape, x, packed, packed_block, y, outputs);
  case 32: return convolve_row_by(pixels, blocks, 32, shape, x, packed, packed_block, y, outputs);
  case 64: return convolve_row_by(pixels, blocks, 64, shape, x, packed, packed_block, y, outputs);
  default: return convolve_row_by(pixels, blocks, step, shape, x, packed, packed_block, y, outputs);
  }
}

static void convolve_row_single(
    const drn_convolution *shape, const float *x, const float *packed, long packed_block, float *y, long outputs) {
#if ACCUMULATORS >= 16
  if (shape->out_width >= 16) return convolve_row(16, 1, shape, x, packed, packed_block, y, outputs);
  if (shape->out_width >= 8) return convolve_row(8, 1, shape, x, packed, packed_block, y, outputs);
#endif
#if ACCUMULATORS >= 4
  if (shape->out_width >= 4) return convolve_row(4, 1, shape, x, packed, packed_block, y, outputs);
#endif
  if (shape->out_width >= 2) return convolve_row(2, 1, shape, x, packed, packed_block, y, outputs);
  convolve_row(1, 1, shape, x, packed, packed_block, y, outputs);
}

static void convolve_row_double(
    const drn_convolution *shape, const float *x, const float *packed, long packed_block, float *y, long outputs) {
#if ACCUMULATORS >= 16
  if (shape->out_width >= 8) return convolve_row(8, 2, shape, x, packed, packed_block, y, outputs);
  if (shape->out_width >= 4) return convolve_row(4, 2, shape, x, packed, packed_block, y, outputs);
#endif
#if ACCUMULATORS >= 4
  if (shape->out_width >= 2) return convolve_row(2, 2, shape, x, packed, packed_block, y, outputs);
#endif
  convolve_row(1, 2, shape, x, packed, packed_block, y, outputs);
}

static void convolve(const drn_convolution *shape, const float *padded, const float *packed, float *y, long row_begin, long row_end) {
  const long packed_block = shape->kernel_height * shape->kernel_width * shape->channels * block_size;
  for (long first = 0; first < shape->outputs;) {
    const float *weights = packed + first / block_size * packed_block;
    const long left = shape->outputs - first;
    for (long row = row_begin; row < row_end; row++) {
      const float *in = padded + row * shape->stride_y * shape->padded_width * shape->pixel_pitch;
      float *out = y + row * shape->out_width * shape->out_pitch + first;
      if (left > block_size) convolve_row_double(shape, in, weights, packed_block, out, left);
      else convolve_row_single(shape, in, weights, packed_block, out, left);
    }
    first += left > block_size ? 2 * block_size : block_size;
  }
}
