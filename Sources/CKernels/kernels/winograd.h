// Convolution by 3 x 3 windows at stride 1 after Winograd, F(2 x 2, 3 x 3): 16 products for 4 results instead of 36.
//
// With tiles of 4 x 4 pixels, y = At ((G w Gt) * (Bt x B)) A and dw = Gt (sum of (Bt x B) * (A dy At)) G; Lavin and Gray,
// "Fast Algorithms for Convolutional Neural Networks", 2016. All factors are 0, 1, -1 or 1/2, so little precision is lost.
#pragma once

#include "block.h"
#include "winograd_sizes.h"

/// The weight of one tap for a block of columns of u.
INLINE block winograd_tap(const float *w, long step, int tap, int reversed, long column_step, long count) {
  const float *from = w + (reversed ? 8 - tap : tap) * step;
  if (!reversed) return load_block_part(from, count);
  float lanes[block_size];
  for (long i = 0; i < block_size; i++) lanes[i] = i < count ? from[i * column_step] : 0;
  return load_block(lanes);
}

static void winograd_weights(
    const float *w, long pitch, long channels, long outputs, int reversed, float *u, long row_begin, long row_end) {
  const long rows = reversed ? outputs : channels, columns = reversed ? channels : outputs, width = round_to_block(columns);
  const long point = rows * width;
  for (long row = row_begin; row < row_end; row++) {
    for (long column = 0; column < columns; column += block_size) {
      const float *from = w + (reversed ? column * pitch + row : row * pitch + column);
      block g[9], half[4][3];
      UNROLL for (int tap = 0; tap < 9; tap++) g[tap] = winograd_tap(from, channels * pitch, tap, reversed, pitch, columns - column);
      UNROLL for (int i = 0; i < 3; i++) {
        half[0][i] = g[i];
        half[1][i] = 0.5f * (g[i] + g[3 + i] + g[6 + i]);
        half[2][i] = 0.5f * (g[i] - g[3 + i] + g[6 + i]);
        half[3][i] = g[6 + i];
      }
      UNROLL for (int i = 0; i < 4; i++) {
        float *to = u + 4 * i * point + row * width + column;
        store_block(to, half[i][0]);
        store_block(to + point, 0.5f * (half[i][0] + half[i][1] + half[i][2]));
        store_block(to + 2 * point, 0.5f * (half[i][0] - half[i][1] + half[i][2]));
        store_block(to + 3 * point, half[i][2]);
      }
    }
  }
}

/// Bt x B of one tile of 4 x 4 pixels and one block of channels, to v[point * point_step].
INLINE void transform_input(const float *x, long row_step, long pixel_step, float *v, long point_step) {
  block t[4][4];
  UNROLL for (int j = 0; j < 4; j++) {
    const float *in = x + j * pixel_step;
    block a = load_block(in), b = load_block(in + row_step), c = load_block(in + 2 * row_step), d = load_block(in + 3 * row_step);
    t[0][j] = a - c;
    t[1][j] = b + c;
    t[2][j] = c - b;
    t[3][j] = b - d;
  }
  UNROLL for (int i = 0; i < 4; i++) {
    float *out = v + 4 * i * point_step;
    store_block(out, t[i][0] - t[i][2]);
    store_block(out + point_step, t[i][1] + t[i][2]);
    store_block(out + 2 * point_step, t[i][2] - t[i][1]);
    store_block(out + 3 * point_step, t[i][1] - t[i][3]);
  }
}

/// A dy At of one tile of 2 x 2 pixels and one block of outputs.
INLINE void transform_upstream(block a, block b, block c, block d, float *v, long point_step) {
  block t[4][2] = {{a, b}, {a + c, b + d}, {a - c, b - d}, {-c, -d}};
  UNROLL for (int i = 0; i < 4; i++) {
    float *out = v + 4 * i * point_step;
    store_block(out, t[i][0]);
    store_block(out + point_step, t[i][0] + t[i][1]);
    store_block(out + 2 * point_step, t[i][0] - t[i][1]);
    store_block(out + 3 * point_step, -t[i][1]);
  }
}

/// m[output block][tile][16] = v[channel block][tile][16] u[channel][output] for `tiles` tiles and `blocks` blocks of outputs.
INLINE void multiply_tiles(
    const int tiles, const int blocks, const float *v, const float *u, long u_pitch, long channels, float *m) {
  block sums[ACCUMULATORS];
  UNROLL for (int i = 0; i < tiles * blocks; i++) sums[i] = splat_block(0);
  for (long first = 0; first < channels; first += block_size, v += winograd_slab) {
    const long count = channels - first < block_size ? channels - first : block_size;
    for (long k = 0; k < count; k++, u += u_pitch) {
      UNROLL for (int b = 0; b < blocks; b++) {
        block weights = load_block(u + b * block_size);
        UNROLL for (int t = 0; t < tiles; t++) sums[t * blocks + b] += splat_block(v[t * block_size + k]) * weights;
      }
    }
  }
  UNROLL for (int t = 0; t < tiles; t++) {
    UNROLL for (int b = 0; b < blocks; b++) store_block(m + b * winograd_slab + t * block_size, sums[t * blocks + b]);
  }
}

static void multiply_point(const float *v, const float *u, long u_pitch, long channels, float *m) {
  long first = 0;
  for (; first + 2 * block_size <= u_pitch; first += 2 * block_size, m += 2 * winograd_slab) {
    for (int t = 0; t < winograd_slab; t += ACCUMULATORS / 2 * block_size) {
      multiply_tiles(ACCUMULATORS / 2, 2, v + t, u + first, u_pitch, channels, m + t);
    }
  }
  if (first == u_pitch) return;
  for (int t = 0; t < winograd_slab; t += ACCUMULATORS * block_size) {
    multiply_tiles(ACCUMULATORS, 1, v + t, u + first, u_pitch, channels, m + t);
  }
}

/// At m A of one tile and one block of outputs, to the pixels of y that exist.
INLINE void transform_output(
    const float *m, long point_step, float *y, long row_step, long pixel_step, int rows, int columns, long outputs) {
  block t[2][4];
  UNROLL for (int j = 0; j < 4; j++) {
    block a = load_block(m + j * point_step), b = load_block(m + (4 + j) * point_step);
    block c = load_block(m + (8 + j) * point_step), d = load_block(m + (12 + j) * point_step);
    t[0][j] = a + b + c;
    t[1][j] = b - c - d;
  }
  for (int i = 0; i < rows; i++) {
    store_block_part(y + i * row_step, t[i][0] + t[i][1] + t[i][2], outputs);
    if (columns > 1) store_block_part(y + i * row_step + pixel_step, t[i][1] - t[i][2] - t[i][3], outputs);
  }
}

/// `work` holds 16 * (point step of the channels + point step of the outputs) floats; the pixel pitch is a multiple of 16.
static void winograd_convolve(const drn_convolution *shape, const float *padded, const float *u, float *y, float *work) {
  const long in = winograd_point_step(shape->channels), out = winograd_point_step(shape->outputs);
  const long across = (shape->out_width + 1) / 2, count = (shape->out_height + 1) / 2 * across, u_pitch = round_to_block(shape->outputs);
  const long row_step = shape->padded_width * shape->pixel_pitch;
  // One block each way: the product of a point may lie over its input, and both stay in the nearest cache.
  float *v = work, *m = shape->channels <= block_size && shape->outputs <= block_size ? v : work + winograd_points * in;
  for (long first = 0; first < count; first += winograd_tiles) {
    const long tiles = count - first < winograd_tiles ? count - first : winograd_tiles;
    for (long t = 0; t < tiles; t++) {
      const float *from = padded + (first + t) / across * 2 * row_step + (first + t) % across * 2 * shape->pixel_pitch;
      float *to = v + t * block_size;
      for (long c = 0; c < shape->channels; c += block_size) {
        transform_input(from + c, row_step, shape->pixel_pitch, to + c * winograd_tiles, in);
      }
    }
    for (long p = 0; p < winograd_points; p++) {
      multiply_point(v + p * in, u + p * shape->channels * u_pitch, u_pitch, shape->channels, m + p * out);
    }
    for (long t = 0; t < tiles; t++) {
      const long row = (first + t) / across * 2, column = (first + t) % across * 2;
      float *to = y + (row * shape->out_width + column) * shape->out_pitch;
      const int rows = row + 1 < shape->out_height ? 2 : 1, columns = column + 1 < shape->out_width ? 2 : 1;
      for (long o = 0; o < shape->outputs; o += block_size) {
        transform_output(
            m + t * block_size + o * winograd_tiles, out, to + o, shape->out_width * shape->out_pitch, shape->out_pitch, rows, columns,
            shape->outputs - o);
      }
    }
  }
}
