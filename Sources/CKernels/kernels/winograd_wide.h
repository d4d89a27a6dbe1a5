// Convolution by 3 x 3 windows at stride 1 after Winograd, for many channels: whole images are transformed first, then tasks take blocks of
// outputs, so that transformed weights and products stay in the second cache.
//
// Compiled once per instruction set: see table.h.
#pragma once

#include "winograd.h"
#include "winograd_gradient.h"

/// Tiles or channels, and blocks of 16 outputs, whose products stay in registers.
#if LANES == 16
enum { wide_rows = 8, wide_blocks = 2 };
#elif LANES == 8
enum { wide_rows = 4, wide_blocks = 1 };
#else
enum { wide_rows = 2, wide_blocks = 1 };
#endif

static void winograd_inputs(
    const drn_convolution *shape, long images, const float *padded, long image_step, long first, long tiles, float *v) {
  const winograd_images all = images_of(shape, images, image_step);
  const long step = winograd_wide_step(shape->channels, tiles);
  tile_place place = place_of_tile(&all, 0);
  for (long t = first; t < first + all.count; t++, place = next_place(&all, place)) {
    const float *from = padded + place.image * image_step + place.row * all.row_step + place.column * shape->pixel_pitch;
    for (long c = 0; c < shape->channels; c += block_size) {
      float *to = v + c * tiles + t * block_size;
      UNROLL for (int pair = 0; pair < winograd_pairs; pair++) {
        transform_input(pair, from + c, all.row_step, shape->pixel_pitch, to + 2 * pair * winograd_row * step, step);
      }
    }
  }
}

static void winograd_upstream(const drn_convolution *shape, long images, const float *dy, long first, long tiles, float *d) {
  const winograd_images all = images_of(shape, images, 0);
  const long step = winograd_wide_step(shape->outputs, tiles);
  tile_place place = place_of_tile(&all, 0);
  for (long t = first; t < first + all.count; t++, place = next_place(&all, place)) {
    const float *from = dy + place.image * all.out_image_step + place.row * all.out_row_step + place.column * shape->out_pitch;
    const long rows = inside_of(place.row, shape->out_height), columns = inside_of(place.column, shape->out_width);
    for (long o = 0; o < shape->outputs; o += block_size) {
      float *to = d + o * tiles + t * block_size;
      UNROLL for (int pair = 0; pair < winograd_pairs; pair++) {
        transform_upstream(
            pair, from + o, all.out_row_step, shape->out_pitch, rows, columns, shape->outputs - o,
            to + 2 * pair * winograd_row * step, step);
      }
    }
  }
}

/// One of four stages that exchange rows and columns of 16 blocks.
INLINE void interleave_blocks(const block *from, block *to) {
  UNROLL for (int i = 0; i < block_size / 2; i++) {
    to[2 * i] = __builtin_shufflevector(from[i], from[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    to[2 * i + 1] = __builtin_shufflevector(from[i], from[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  }
}

/// to[j] = element j of each of `rows` rows of `columns` floats, zero behind them; both at most 16.
INLINE void transpose_blocks(const float *from, long pitch, long rows, long columns, float *to) {
  block first[block_size], second[block_size];
  UNROLL for (int i = 0; i < block_size; i++) first[i] = i < rows ? load_block_part(from + i * pitch, columns) : splat_block(0);
  interleave_blocks(first, second);
  interleave_blocks(second, first);
  interleave_blocks(first, second);
  interleave_blocks(second, first);
  UNROLL for (int i = 0; i < block_size; i++) store_block(to + i * block_size, first[i]);
}

/// u[point][row][16]: transformed weights of `rows` channels and up to 16 outputs; a row is `pitch` floats from the next, `tap` from the same
/// of the next tap.
INLINE void wide_weights(const float *w, long pitch, long tap, long rows, long count, float *u, long u_pitch, long point_step) {
  for (long row = 0; row < rows; row++) {
    block taps[9];
    UNROLL for (int t = 0; t < 9; t++) taps[t] = load_block_part(w + t * tap + row * pitch, count);
    transform_weights(taps, u + row * u_pitch, point_step);
  }
}

/// The same of the input gradient, whose channels lie in a row and whose outputs are `pitch` floats apart.
static void wide_reversed_weights(const float *w, long pitch, long tap, long rows, long count, float *u, long u_pitch, long point_step) {
  float turned[9][block_size * block_size];
  for (long first = 0; first < rows; first += block_size) {
    for (int t = 0; t < 9; t++) transpose_blocks(w + (8 - t) * tap + first, pitch, count, rows - first, turned[t]);
    for (long row = first; row < rows && row < first + block_size; row++) {
      block taps[9];
      UNROLL for (int t = 0; t < 9; t++) taps[t] = load_block(turned[t] + (row - first) * block_size);
      transform_weights(taps, u + row * u_pitch, point_step);
    }
  }
}

/// m[row][block] += v[channel block][row][16] u[channel][block], or m = where not `adds`.
INLINE void multiply_wide(
    const int rows, const int blocks, const float *v, long v_step, const float *u, long u_pitch, long channels, float *m, long m_pitch,
    int adds) {
  block sums[wide_rows * wide_blocks];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int b = 0; b < blocks; b++) {
      sums[r * blocks + b] = adds ? load_block(m + r * m_pitch + b * block_size) : splat_block(0);
    }
  }
  for (long first = 0; first < channels; first += block_size, v += v_step) {
    const long count = channels - first < block_size ? channels - first : block_size;
    for (long k = 0; k < count; k++, u += u_pitch) {
      block weights[wide_blocks];
      UNROLL for (int b = 0; b < blocks; b++) weights[b] = load_block(u + b * block_size);
      UNROLL for (int r = 0; r < rows; r++) {
        block value = splat_block(v[r * block_size + k]);
        UNROLL for (int b = 0; b < blocks; b++) sums[r * blocks + b] += value * weights[b];
      }
    }
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int b = 0; b < blocks; b++) store_block(m + r * m_pitch + b * block_size, sums[r * blocks + b]);
  }
}

/// All tiles of one point by one or two blocks of outputs.
INLINE void multiply_wide_rows(
    const int blocks, const float *v, long v_step, const float *u, long u_pitch, long channels, long tiles, float *m, long m_pitch,
    int adds) {
  long t = 0;
  for (; t + wide_rows <= tiles; t += wide_rows) {
    multiply_wide(wide_rows, blocks, v + t * block_size, v_step, u, u_pitch, channels, m + t * m_pitch, m_pitch, adds);
  }
#if LANES == 16
  for (; t + 4 <= tiles; t += 4) {
    multiply_wide(4, blocks, v + t * block_size, v_step, u, u_pitch, channels, m + t * m_pitch, m_pitch, adds);
  }
#endif
  for (; t < tiles; t++) {
    multiply_wide(1, blocks, v + t * block_size, v_step, u, u_pitch, channels, m + t * m_pitch, m_pitch, adds);
  }
}

/// At m A of one tile and one block of outputs, to the pixels of y that exist.
INLINE void transform_wide_output(
    const float *m, long point_step, float *y, long row_step, long pixel_step, long rows, long columns, long outputs) {
  block half[winograd_tile][winograd_row];
  UNROLL for (int j = 0; j < winograd_row; j++) {
    UNROLL for (int pair = 0; pair < winograd_pairs; pair++) {
      const float *from = m + (2 * pair * winograd_row + j) * point_step;
      block first = load_block(from), second = load_block(from + winograd_row * point_step);
      UNROLL for (int i = 0; i < winograd_tile; i++) {
        if (!reaches_result(pair, i)) continue;
        block part = result_part(pair, i, first, second);
        half[i][j] = is_first_part(pair, i) ? part : half[i][j] + part;
      }
    }
  }
  for (long i = 0; i < rows; i++, y += row_step) {
    block results[winograd_tile];
    UNROLL for (int pair = 0; pair < winograd_pairs; pair++) {
      UNROLL for (int j = 0; j < winograd_tile; j++) {
        if (!reaches_result(pair, j)) continue;
        block part = result_part(pair, j, half[i][2 * pair], half[i][2 * pair + 1]);
        results[j] = is_first_part(pair, j) ? part : results[j] + part;
      }
    }
    UNROLL for (int j = 0; j < winograd_tile; j++) {
      if (j < columns) store_block_part(y + j * pixel_step, results[j], outputs);
    }
  }
}

/// The transformed weights of `rows` channels from `channel` on and of `outputs` outputs from `output` on, to u[point][row][output].
INLINE void wide_weights_of(
    const float *w, long pitch, const drn_convolution *shape, int reversed, long channel, long rows, long output, long outputs, float *u,
    long u_pitch, long point_step) {
  for (long o = 0; o < outputs; o += block_size) {
    if (reversed) {
      wide_reversed_weights(
          w + (output + o) * pitch + channel, pitch, shape->outputs * pitch, rows, outputs - o, u + o, u_pitch, point_step);
    } else {
      wide_weights(w + channel * pitch + output + o, pitch, shape->channels * pitch, rows, outputs - o, u + o, u_pitch, point_step);
    }
  }
}

static void winograd_wide_convolve(
    const drn_convolution *shape, long images, const float *v, long tiles, long tile_begin, long tile_end, const float *w, long pitch,
    int reversed, long output, long outputs, float *y, float *work) {
  const winograd_images all = images_of(shape, images, 0);
  const long v_step = winograd_wide_step(shape->channels, tiles), count = tile_end - tile_begin, width = round_to_block(outputs);
  const long u_step = winograd_wide_channels * width + block_size, m_step = count * width + block_size;
  float *u = work, *m = work + winograd_points * u_step;
  for (long channel = 0; channel < shape->channels; channel += winograd_wide_channels) {
    const long left = shape->channels - channel, rows = left < winograd_wide_channels ? left : winograd_wide_channels;
    wide_weights_of(w, pitch, shape, reversed, channel, rows, output, outputs, u, width, u_step);
    for (long point = 0; point < winograd_points; point++) {
      const float *from = v + point * v_step + channel * tiles + tile_begin * block_size;
      const float *weights = u + point * u_step;
      float *to = m + point * m_step;
      long o = 0;
#if LANES == 16
      for (; o + 2 * block_size <= width; o += 2 * block_size) {
        multiply_wide_rows(2, from, tiles * block_size, weights + o, width, rows, count, to + o, width, channel > 0);
      }
#endif
      for (; o < width; o += block_size) {
        multiply_wide_rows(1, from, tiles * block_size, weights + o, width, rows, count, to + o, width, channel > 0);
      }
    }
  }
  tile_place place = place_of_tile(&all, tile_begin);
  for (long t = 0; t < count; t++, place = next_place(&all, place)) {
    float *to = y + place.image * all.out_image_step + place.row * all.out_row_step + place.column * shape->out_pitch + output;
    const long rows = inside_of(place.row, shape->out_height), columns = inside_of(place.column, shape->out_width);
    for (long o = 0; o < outputs; o += block_size) {
      transform_wide_output(m + t * width + o, m_step, to + o, all.out_row_step, shape->out_pitch, rows, columns, outputs - o);
    }
  }
}
