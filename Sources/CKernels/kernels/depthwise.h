// Convolution of every channel by itself: the lanes hold channels.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "block.h"

enum { depthwise_pixels = 4 };

/// Results of one row that are computed together.
#if LANES == 16
enum { depthwise_run = 8 };
#else
enum { depthwise_run = 4 };
#endif

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

/// The same by a window of `taps` columns side by side, at a stride that the compiler knows: each pixel of the image is loaded once a row.
INLINE void depthwise_run_tile(
    const int pixels, const int taps, const int stride, const drn_convolution *shape, const float *x, const float *w, long tap_step,
    float *y, long count) {
  block sums[depthwise_run];
  UNROLL for (int p = 0; p < pixels; p++) sums[p] = splat_block(0);
  const long pitch = shape->pixel_pitch, row_step = shape->dilation_y * shape->padded_width * pitch;
  for (long ky = 0; ky < shape->kernel_height; ky++, x += row_step, w += taps * tap_step) {
    block weights[7];
    UNROLL for (int kx = 0; kx < taps; kx++) weights[kx] = load_block_part(w + kx * tap_step, count);
    UNROLL for (int j = 0; j < (pixels - 1) * stride + taps; j++) {
      block value = load_block(x + j * pitch);
      UNROLL for (int p = 0; p < pixels; p++) {
        const int kx = j - p * stride;
        if (kx >= 0 && kx < taps) sums[p] += value * weights[kx];
      }
    }
  }
  UNROLL for (int p = 0; p < pixels; p++) store_block_part(y + p * shape->out_pitch, sums[p], count);
}

INLINE void depthwise_row(
    const int taps, const int stride, const drn_convolution *shape, const float *x, const float *w, long tap_step, float *y, long count) {
  const long step = stride * shape->pixel_pitch;
  long column = 0;
  for (; column + depthwise_run <= shape->out_width; column += depthwise_run) {
    depthwise_run_tile(depthwise_run, taps, stride, shape, x + column * step, w, tap_step, y + column * shape->out_pitch, count);
  }
  for (; column + 4 <= shape->out_width; column += 4) {
    depthwise_run_tile(4, taps, stride, shape, x + column * step, w, tap_step, y + column * shape->out_pitch, count);
  }
  for (; column < shape->out_width; column++) {
    depthwise_run_tile(1, taps, stride, shape, x + column * step, w, tap_step, y + column * shape->out_pitch, count);
  }
}

static void depthwise_row_any(const drn_convolution *shape, const float *x, const float *w, long tap_step, float *y, long count) {
  const long step = shape->stride_x * shape->pixel_pitch;
  long column = 0;
  for (; column + depthwise_pixels <= shape->out_width; column += depthwise_pixels) {
    depthwise_tile(depthwise_pixels, shape, x + column * step, w, tap_step, y + column * shape->out_pitch, count);
  }
  for (; column < shape->out_width; column++) {
    depthwise_tile(1, shape, x + column * step, w, tap_step, y + column * shape->out_pitch, count);
  }
}

/// The columns of a window and its stride as one number, 0 where no kernel is made for them.
INLINE int depthwise_case(const drn_convolution *shape) {
  const int made = shape->dilation_x == 1 && shape->stride_x <= 2 && shape->kernel_width <= 7;
  return made ? (int)(2 * shape->kernel_width + shape->stride_x) : 0;
}

static void convolve_depthwise(
    const drn_convolution *shape, const float *padded, const float *w, long tap_step, float *y, long row_begin, long row_end) {
  const int which = depthwise_case(shape);
  for (long c = 0; c < shape->channels; c += block_size) {
    for (long row = row_begin; row < row_end; row++) {
      const float *in = padded + row * shape->stride_y * shape->padded_width * shape->pixel_pitch + c;
      float *out = y + row * shape->out_width * shape->out_pitch + c;
      const long count = shape->channels - c;
      switch (which) {
      case 7: depthwise_row(3, 1, shape, in, w + c, tap_step, out, count); break;
      case 8: depthwise_row(3, 2, shape, in, w + c, tap_step, out, count); break;
      case 11: depthwise_row(5, 1, shape, in, w + c, tap_step, out, count); break;
      case 12: depthwise_row(5, 2, shape, in, w + c, tap_step, out, count); break;
      case 15: depthwise_row(7, 1, shape, in, w + c, tap_step, out, count); break;
      case 16: depthwise_row(7, 2, shape, in, w + c, tap_step, out, count); break;
      default: depthwise_row_any(shape, in, w + c, tap_step, out, count);
      }
    }
  }
}

/// dw[row][tap] += the products of a row of windows, for `rows` rows of the window and all its columns; `pixels` of them.
INLINE void add_depthwise_pixels(
    const int pixels, const int rows, const int taps, const int stride, const float *x, long pitch, long row_step, const float *dy,
    long out_pitch, long count, block *sums) {
  block gradients[4];
  UNROLL for (int p = 0; p < pixels; p++) gradients[p] = load_block_part(dy + p * out_pitch, count);
  UNROLL for (int ky = 0; ky < rows; ky++) {
    UNROLL for (int j = 0; j < (pixels - 1) * stride + taps; j++) {
      block value = load_block(x + ky * row_step + j * pitch);
      UNROLL for (int p = 0; p < pixels; p++) {
        const int kx = j - p * stride;
        if (kx >= 0 && kx < taps) sums[ky * taps + kx] += value * gradients[p];
      }
    }
  }
}

/// The sums of `rows` rows of the window from `first` on, for a block of channels.
INLINE void depthwise_gradient_rows(
    const int rows, const int taps, const int stride, const drn_convolution *shape, const float *padded, const float *dy, long count,
    float *dw, long width) {
  block sums[25];
  UNROLL for (int i = 0; i < rows * taps; i++) sums[i] = load_block(dw + i * width);
  const long pitch = shape->pixel_pitch, line = shape->padded_width * pitch, row_step = shape->dilation_y * line;
  for (long row = 0; row < shape->out_height; row++) {
    const float *in = padded + row * shape->stride_y * line, *upstream = dy + row * shape->out_width * shape->out_pitch;
    long column = 0;
    for (; column + 4 <= shape->out_width; column += 4, in += 4 * stride * pitch, upstream += 4 * shape->out_pitch) {
      add_depthwise_pixels(4, rows, taps, stride, in, pitch, row_step, upstream, shape->out_pitch, count, sums);
    }
    for (; column < shape->out_width; column++, in += stride * pitch, upstream += shape->out_pitch) {
      add_depthwise_pixels(1, rows, taps, stride, in, pitch, row_step, upstream, shape->out_pitch, count, sums);
    }
  }
  UNROLL for (int i = 0; i < rows * taps; i++) store_block(dw + i * width, sums[i]);
}

/// All rows of the window, as many at a time as registers hold.
INLINE void depthwise_gradient(
    const int together, const int taps, const int stride, const drn_convolution *shape, const float *padded, const float *dy, long count,
    float *dw, long width) {
  const long row_step = shape->dilation_y * shape->padded_width * shape->pixel_pitch;
  long ky = 0;
  for (; ky + together <= shape->kernel_height; ky += together) {
    depthwise_gradient_rows(together, taps, stride, shape, padded + ky * row_step, dy, count, dw + ky * taps * width, width);
  }
  for (; ky < shape->kernel_height; ky++) {
    depthwise_gradient_rows(1, taps, stride, shape, padded + ky * row_step, dy, count, dw + ky * taps * width, width);
  }
}

static void depthwise_gradient_any(
    const drn_convolution *shape, const float *padded, const float *dy, long count, float *dw, long width) {
  const long step = shape->stride_x * shape->pixel_pitch;
  for (long tap = 0; tap < shape->kernel_height * shape->kernel_width; tap++) {
    const long ky = tap / shape->kernel_width, kx = tap % shape->kernel_width;
    const float *first = padded + (ky * shape->dilation_y * shape->padded_width + kx * shape->dilation_x) * shape->pixel_pitch;
    block sums[2] = {load_block(dw + tap * width), splat_block(0)};
    for (long row = 0; row < shape->out_height; row++) {
      const float *in = first + row * shape->stride_y * shape->padded_width * shape->pixel_pitch;
      const float *upstream = dy + row * shape->out_width * shape->out_pitch;
      long column = 0;
      for (; column + 2 <= shape->out_width; column += 2, in += 2 * step, upstream += 2 * shape->out_pitch) {
        sums[0] += load_block(in) * load_block_part(upstream, count);
        sums[1] += load_block(in + step) * load_block_part(upstream + shape->out_pitch, count);
      }
      if (column < shape->out_width) sums[0] += load_block(in) * load_block_part(upstream, count);
    }
    store_block(dw + tap * width, sums[0] + sums[1]);
  }
}

/// Rows of a window of 3, 5 and 7 columns whose sums stay in registers.
#if LANES == 16
enum { rows_of_3 = 3, rows_of_5 = 5, rows_of_7 = 3 };
#else
enum { rows_of_3 = 1, rows_of_5 = 1, rows_of_7 = 1 };
#endif

static void convolution_weight_gradient_depthwise(const drn_convolution *shape, const float *padded, const float *dy, float *dw) {
  const long width = round_to_block(shape->channels);
  const int which = depthwise_case(shape);
  for (long c = 0; c < shape->channels; c += block_size) {
    const long count = shape->channels - c;
    switch (which) {
    case 7: depthwise_gradient(rows_of_3, 3, 1, shape, padded + c, dy + c, count, dw + c, width); break;
    case 8: depthwise_gradient(rows_of_3, 3, 2, shape, padded + c, dy + c, count, dw + c, width); break;
    case 11: depthwise_gradient(rows_of_5, 5, 1, shape, padded + c, dy + c, count, dw + c, width); break;
    case 12: depthwise_gradient(rows_of_5, 5, 2, shape, padded + c, dy + c, count, dw + c, width); break;
    case 15: depthwise_gradient(rows_of_7, 7, 1, shape, padded + c, dy + c, count, dw + c, width); break;
    case 16: depthwise_gradient(rows_of_7, 7, 2, shape, padded + c, dy + c, count, dw + c, width); break;
    default: depthwise_gradient_any(shape, padded + c, dy + c, count, dw + c, width);
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
