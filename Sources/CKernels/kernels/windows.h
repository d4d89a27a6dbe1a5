// Windows over one image: patches, pools and their gradients.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "block.h"

/// The pixel of a tap, or null in the padding.
INLINE long window_pixel(const drn_windows *w, long row, long column, long ky, long kx) {
  const long y = row * w->stride_y + ky * w->dilation_y - w->top, x = column * w->stride_x + kx * w->dilation_x - w->left;
  return y < 0 || y >= w->height || x < 0 || x >= w->width ? -1 : (y * w->width + x) * w->pixel_pitch;
}

static void patches(const drn_windows *w, const float *x, float *matrix, long pitch, long row_begin, long row_end) {
  for (long row = row_begin; row < row_end; row++) {
    for (long column = 0; column < w->out_width; column++) {
      float *out = matrix + (row * w->out_width + column) * pitch;
      for (long ky = 0; ky < w->kernel_height; ky++) {
        for (long kx = 0; kx < w->kernel_width; kx++, out += w->channels) {
          const long pixel = window_pixel(w, row, column, ky, kx);
          if (pixel < 0) memset(out, 0, (size_t)w->channels * sizeof *out);
          else memcpy(out, x + pixel, (size_t)w->channels * sizeof *out);
        }
      }
    }
  }
}

INLINE void add_floats(float *x, const float *in, long count) {
  long i = 0;
  for (; i + block_size <= count; i += block_size) store_block(x + i, load_block(x + i) + load_block(in + i));
  for (; i < count; i++) x[i] += in[i];
}

static void add_patches(const drn_windows *w, const float *matrix, long pitch, float *x, long row_begin, long row_end) {
  // Taps whose pixels lie side by side, with all channels, are one run.
  const long together = w->dilation_x == 1 && w->channels == w->pixel_pitch ? w->kernel_width : 1;
  for (long row = row_begin; row < row_end; row++) {
    for (long column = 0; column < w->out_width; column++) {
      const float *in = matrix + ((row - row_begin) * w->out_width + column) * pitch;
      for (long ky = 0; ky < w->kernel_height; ky++, in += w->kernel_width * w->channels) {
        const long down = row * w->stride_y + ky * w->dilation_y - w->top;
        if (down < 0 || down >= w->height) continue;
        for (long kx = 0; kx < w->kernel_width; kx += together) {
          const long across = column * w->stride_x + kx * w->dilation_x - w->left;
          const long first = across < 0 ? -across : 0, last = across + together > w->width ? w->width - across : together;
          if (first >= last) continue;
          add_floats(x + (down * w->width + across + first) * w->pixel_pitch, in + (kx + first) * w->channels, (last - first) * w->channels);
        }
      }
    }
  }
}

typedef int32_t int_block __attribute__((ext_vector_type(16)));

/// The maximum of one window for a block of channels, and the number of the tap that has it first; with NaN in the window, NaN and the
/// last such tap, as in PyTorch.
INLINE block window_maximum(const drn_windows *w, const float *x, long row, long column, long c, int_block *place) {
  block best = splat_block(0);
  int_block first = (int_block)(-1);
  int found = 0, tap = 0;
  for (long ky = 0; ky < w->kernel_height; ky++) {
    for (long kx = 0; kx < w->kernel_width; kx++, tap++) {
      const long pixel = window_pixel(w, row, column, ky, kx);
      if (pixel < 0) continue;
      block value = load_block_part(x + pixel + c, w->channels - c);
      int_block is_larger = found ? (int_block)(value > best) | (int_block)(value != value) : (int_block)(-1);
      best = is_larger ? value : best;
      first = is_larger ? (int_block)(tap) : first;
      found = 1;
    }
  }
  *place = first;
  return best;
}

static void max_pool(const drn_windows *w, const float *x, float *y, long row_begin, long row_end) {
  for (long row = row_begin; row < row_end; row++) {
    for (long column = 0; column < w->out_width; column++) {
      for (long c = 0; c < w->channels; c += block_size) {
        int_block place;
        block best = window_maximum(w, x, row, column, c, &place);
        store_block_part(y + (row * w->out_width + column) * w->channels + c, best, w->channels - c);
      }
    }
  }
}

static void max_pool_gradient(const drn_windows *w, const float *x, const float *dy, float *dx, long out_height) {
  memset(dx, 0, (size_t)(w->height * w->width * w->pixel_pitch) * sizeof *dx);
  for (long row = 0; row < out_height; row++) {
    for (long column = 0; column < w->out_width; column++) {
      for (long c = 0; c < w->channels; c += block_size) {
        const long count = w->channels - c;
        int_block place;
        window_maximum(w, x, row, column, c, &place);
        block gradient = load_block_part(dy + (row * w->out_width + column) * w->channels + c, count);
        int tap = 0;
        for (long ky = 0; ky < w->kernel_height; ky++) {
          for (long kx = 0; kx < w->kernel_width; kx++, tap++) {
            const long pixel = window_pixel(w, row, column, ky, kx);
            if (pixel < 0) continue;
            block share = place == (int_block)(tap) ? gradient : splat_block(0);
            store_block_part(dx + pixel + c, load_block_part(dx + pixel + c, count) + share, count);
          }
        }
      }
    }
  }
}

/// What the sum of a window is divided by.
INLINE float window_divisor(const drn_windows *w, int include_padding, long row, long column) {
  if (include_padding) return (float)(w->kernel_height * w->kernel_width);
  long count = 0;
  for (long ky = 0; ky < w->kernel_height; ky++) {
    for (long kx = 0; kx < w->kernel_width; kx++) count += window_pixel(w, row, column, ky, kx) >= 0;
  }
  return (float)count;
}

static void average_pool(const drn_windows *w, int include_padding, const float *x, float *y, long row_begin, long row_end) {
  for (long row = row_begin; row < row_end; row++) {
    for (long column = 0; column < w->out_width; column++) {
      const float divisor = window_divisor(w, include_padding, row, column);
      for (long c = 0; c < w->channels; c += block_size) {
        block sum = splat_block(0);
        for (long ky = 0; ky < w->kernel_height; ky++) {
          for (long kx = 0; kx < w->kernel_width; kx++) {
            const long pixel = window_pixel(w, row, column, ky, kx);
            if (pixel >= 0) sum += load_block_part(x + pixel + c, w->channels - c);
          }
        }
        store_block_part(y + (row * w->out_width + column) * w->channels + c, sum / divisor, w->channels - c);
      }
    }
  }
}

static void average_pool_gradient(const drn_windows *w, int include_padding, const float *dy, float *dx, long out_height) {
  memset(dx, 0, (size_t)(w->height * w->width * w->pixel_pitch) * sizeof *dx);
  for (long row = 0; row < out_height; row++) {
    for (long column = 0; column < w->out_width; column++) {
      const float divisor = window_divisor(w, include_padding, row, column);
      for (long c = 0; c < w->channels; c += block_size) {
        const long count = w->channels - c;
        block share = load_block_part(dy + (row * w->out_width + column) * w->channels + c, count) / divisor;
        for (long ky = 0; ky < w->kernel_height; ky++) {
          for (long kx = 0; kx < w->kernel_width; kx++) {
            const long pixel = window_pixel(w, row, column, ky, kx);
            if (pixel < 0) continue;
            store_block_part(dx + pixel + c, load_block_part(dx + pixel + c, count) + share, count);
          }
        }
      }
    }
  }
}
